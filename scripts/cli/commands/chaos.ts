import { FAMILIES, familyNamed } from '../../marketplace/calls/families.ts';
import type { FamilyName } from '../../marketplace/calls/family.ts';
import { addressObserver, databaseObserver, type Observer, tableObserver } from '../chaos/observer.ts';
import type { ProbeResult } from '../chaos/probe.ts';
import { PROBES, runChaos } from '../chaos/run.ts';
import { World } from '../chaos/world.ts';
import { findingJson } from '../report/json.ts';
import { findingLines } from '../report/text.ts';
import { COMMON, readArguments, readChoice, readNumber, TARGET } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { stopWhenRefused } from '../terminal/refused.ts';
import { databasePassword, readTarget, type Target } from '../terminal/target.ts';
import type { Terminal } from '../terminal/terminal.ts';

const OPTIONS = {
  ...COMMON,
  ...TARGET,
  family: { type: 'string' },
  probe: { type: 'string', multiple: true },
  state: { type: 'string' },
  'state-table': { type: 'string' },
  endpoint: { type: 'string' },
  database: { type: 'string' },
  real: { type: 'boolean' },
  patience: { type: 'string' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];
type Observing = Pick<Values, 'state' | 'state-table' | 'endpoint' | 'database' | 'secrets'>;

/** Does to a server what networks, retries and strangers do. Ends with 1 if it did something wrong. */
export async function chaos(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  const { say, paint } = terminal;
  if (values.help) {
    terminal.out(say('help.chaos'));
    return EXIT.good;
  }
  const read = readTarget(values, terminal.env);
  const target = { ...read, onOutcome: stopWhenRefused(read.at) };
  if (!isLocal(target.at) && values.real !== true) throw new Problem('problem.chaos-real', { at: target.at });
  const family = familyNamed(
    readChoice<FamilyName>(
      '--family',
      values.family,
      FAMILIES.map(({ name }) => name),
    ) ?? 'saas-v2',
  );
  const names = PROBES.map(({ id }) => id);
  const chosen = values.probe?.map((name) => readChoice('--probe', name, names));
  const probes = PROBES.filter(({ id }) => chosen === undefined || chosen.includes(id));
  const observe = observerOf(values, target, terminal);
  const world = new World(target, family, {
    patience: readNumber('--patience', values.patience, 20_000),
    ...(observe && { observe }),
  });
  const results = await runChaos(world, probes, (id, done) =>
    terminal.progress(say(`probe.${id}`), done, probes.length),
  );
  const wrong = results.filter(({ verdict }) => verdict === 'wrong').length;
  if (values.json) {
    terminal.out(
      JSON.stringify(
        { at: target.at, family: family.name, wrong, probes: results.map((result) => probeJson(terminal, result)) },
        null,
        2,
      ),
    );
  } else {
    terminal.out(paint('bold', say('chaos.title', { family: family.name, at: target.at })));
    const skipped = results.filter(({ verdict }) => verdict === 'skipped').length;
    for (const line of results.flatMap((result) => probeLines(terminal, result))) terminal.out(line);
    if (skipped > 0) terminal.out(paint('dim', `  – ${say('chaos.skipped', { count: skipped })}`));
    terminal.out(paint(wrong === 0 ? 'green' : 'red', say(wrong === 0 ? 'chaos.good' : 'chaos.bad', { count: wrong })));
  }
  return wrong === 0 ? EXIT.good : EXIT.found;
}

/** Tells whether an address is on this machine. */
export function isLocal(at: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(at).hostname);
}

/** Looks into the address given, or into the table given or that of the KooGate which runs here. */
export function observerOf(values: Observing, { at, local }: Target, { env }: Terminal): Observer | undefined {
  if (values.state !== undefined) {
    if (!URL.canParse(values.state.replaceAll('{instanceId}', 'x')))
      throw new Problem('problem.address', { at: values.state });
    return addressObserver(values.state);
  }
  const table = values['state-table'] ?? local?.running.table;
  if (table === undefined) return undefined;
  const product = local?.id ?? /\/produce\/([a-z0-9-]+)/.exec(at)?.[1] ?? '';
  const database = values.database ?? (values.endpoint === undefined ? local?.running.database : undefined);
  if (database !== undefined) {
    const password = env.PGPASSWORD ?? databasePassword(values.secrets ?? local?.running.secrets, env);
    return databaseObserver({ database, password, table }, product);
  }
  const endpoint = values.endpoint ?? local?.running.endpoint ?? env.AWS_ENDPOINT_URL_DYNAMODB;
  if (endpoint === undefined) throw new Problem('problem.needed', { name: '--endpoint' });
  return tableObserver(table, endpoint, product);
}

function probeLines(terminal: Terminal, { id, verdict, findings, did, unclear }: ProbeResult): string[] {
  const { say, paint } = terminal;
  if (verdict === 'skipped') return [];
  const marks = { right: paint('green', '✓'), wrong: paint('red', '✗'), unclear: paint('yellow', '?') };
  const counts = Object.entries(did)
    .map(([code, count]) => `${code} ×${count}`)
    .join(', ');
  return [
    `  ${marks[verdict]} ${say(`probe.${id}`)}${counts === '' ? '' : paint('dim', `  [${counts}]`)}`,
    ...(unclear === undefined ? [] : [`      ${say(unclear)}`]),
    ...findingLines(terminal, findings),
  ];
}

function probeJson({ say }: Terminal, { id, verdict, findings, did, unclear }: ProbeResult): object {
  return {
    id,
    verdict,
    did,
    ...(unclear !== undefined && { unclear: say(unclear) }),
    findings: findings.map((finding) => findingJson(say, finding)),
  };
}
