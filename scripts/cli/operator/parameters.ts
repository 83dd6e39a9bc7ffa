import type { Stage } from '../../../lib/config/stage.ts';
import { furtherSites, sitesOf } from '../../../lib/config/stage.ts';
import { readSealingMark } from '../../../lib/instances/sealing-mark.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { writeNewFile } from './parameters/new-file.ts';
import { readFileContent } from './parameters/read-file.ts';
import { type MayRetire, planWrites } from './parameters/store.ts';
import { csmsStore, parameterStore, type SecretStore } from './parameters/stores.ts';
import { readPlace, stageNamed, withTableOf } from './place.ts';

/*
 * Brings the secrets of an installation from a file to where its host reads them: Parameter Store, or the Cloud Secret
 * Management Service of Huawei Cloud.
 * The file never leaves the machine by itself, and no value is ever printed.
 */

const OPTIONS = {
  ...COMMON,
  init: { type: 'string' },
  'credentials-key': { type: 'string' },
  stage: { type: 'string' },
  file: { type: 'string' },
  region: { type: 'string' },
  parameters: { type: 'string' },
  endpoint: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** Outcome for a secret, real or foretold. */
type State = 'written' | 'to-write' | 'to-wait' | 'deleted' | 'to-delete';

/** Makes a secrets file, or stores one. */
export async function parameters(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    terminal.out(terminal.say('help.parameters'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  if (values.init !== undefined) return init(values.init, values['credentials-key'], terminal);
  if (values.stage === undefined || values.file === undefined) throw new Problem('problem.parameters-needed');
  return store(values.stage, values.file, values, terminal);
}

async function init(path: string, credentialsKey: string | undefined, { say, out, env }: Terminal): Promise<number> {
  const { config } = await readProject(readSettings(env));
  const receivers = Object.values(config.stages).flatMap(({ receivers: mailed = [], webhooks = [], alarms = {} }) => [
    ...mailed,
    ...webhooks,
    ...Object.keys(alarms.robots ?? {}),
  ]);
  const blanks = { key: say('parameters.blank'), address: say('parameters.blank-address') };
  await writeNewFile({
    path,
    products: config.products.values(),
    receivers,
    sites: Object.values(config.stages).flatMap((stage) => furtherSites(sitesOf(config, stage))),
    credentialsKey,
    blanks,
    today: new Date(),
  });
  out(say('parameters.made', { file: path }));
  return EXIT.good;
}

async function store(name: string, path: string, values: Values, terminal: Terminal): Promise<number> {
  const { say, out, note, env } = terminal;
  const { config } = await readProject(readSettings(env));
  const stage = stageNamed(config, name);
  const place = openStore(stage, values, env);
  const { documents, addresses, warnings } = await readFileContent(path, config.products, stage, say);
  for (const warning of warnings) note(warning);
  const { yes, json } = values;
  const done: { readonly name: string; readonly state: State }[] = [];
  const tell = (document: string, state: State) => {
    const entry = { name: place.place(document), state };
    done.push(entry);
    if (!json) out(say(`parameters.${state}`, { name: entry.name }));
  };
  try {
    const { writes, deferred, retired } = await planWrites(place, documents, retiring({ ...values, stage }, terminal));
    for (const [document, text] of writes) {
      if (yes) await place.write(document, text);
      tell(document, yes ? 'written' : 'to-write');
    }
    for (const [document, address] of addresses) {
      if (yes) await place.write(document, address, 'plain');
      tell(document, yes ? 'written' : 'to-write');
    }
    for (const document of retired) {
      if (yes) await place.remove?.(document);
      tell(document, yes ? 'deleted' : 'to-delete');
    }
    for (const document of deferred) tell(document, 'to-wait');
    const region = values.region ?? stage.region;
    if (json) out(JSON.stringify({ stage: name, region, parameters: done }, null, 2));
    else if (deferred.length > 0) out(say('parameters.deferred'));
    if (!json && !yes) out(say('parameters.unwritten'));
    return EXIT.good;
  } finally {
    place.close();
  }
}

/** Opens the store of the stage's host: Parameter Store, or the secrets of Huawei Cloud. @throws Problem */
function openStore(stage: Stage, { parameters, region, endpoint }: Values, env: Terminal['env']): SecretStore {
  const address = parameters ?? (stage.host === 'server' ? env.KOOGATE_SECRETS : undefined);
  if (address?.startsWith('csms://')) return csmsStore(address, env);
  if (stage.host === 'server') throw new Problem('problem.server-secrets', { stage: stage.name });
  const given = region ?? stage.region;
  if (given === undefined) throw new Problem('problem.region', { stage: stage.name });
  return parameterStore(address ?? stage.parameters, { region: given, ...(endpoint !== undefined && { endpoint }) });
}

/** A key can go when everything is sealed under the one that seals, as the installation's mark says. */
function retiring(
  { stage, region }: { readonly stage: Stage; readonly region?: string | undefined },
  terminal: Terminal,
): MayRetire {
  return async (kind, kid, sealing) => {
    if (new Set(sealing).size !== 1) return false;
    const at = await readPlace({ stage: stage.name, ...(region === undefined ? {} : { region }) }, terminal);
    const mark = await withTableOf(at, ({ table }) => readSealingMark(table));
    const marked = mark?.kids[kind];
    return marked !== undefined && marked !== kid && sealing.includes(marked);
  };
}
