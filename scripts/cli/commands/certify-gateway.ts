import { TOKEN_PATHS } from '../../marketplace/stand-in/gateway/count.ts';
import type { GatewayKey } from '../../marketplace/stand-in/gateway/sign.ts';
import { distinctFindings } from '../certify/finding.ts';
import type { GatewayKind, GatewayTarget } from '../certify/gateway/bench.ts';
import { certifyGateway, type GatewayCertification, gatewayVerdict } from '../certify/gateway/certify.ts';
import { findingJson } from '../report/json.ts';
import { findingLines } from '../report/text.ts';
import { readChoice, readNumber } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { stopWhenRefused } from '../terminal/refused.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Options that servers behind a gateway are certified with. */
interface GatewayValues {
  readonly at?: string | undefined;
  readonly key?: readonly string[] | undefined;
  readonly header?: string | undefined;
  readonly method?: string | undefined;
  readonly body?: string | undefined;
  readonly billed?: string | undefined;
  readonly limit?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly junit?: string | undefined;
  readonly html?: string | undefined;
}

/** Milliseconds that a gateway waits for an answer: APIG's longest, and what the Agents gateway is registered with. */
const LIMIT_MS = { api: 60_000, agents: 300_000 };

/** Asks a seller's server what a gateway asks. Ends with 1 unless the verdict is good. @throws Problem */
export async function certifyBehindGateway(
  kind: GatewayKind,
  values: GatewayValues,
  terminal: Terminal,
): Promise<number> {
  const target = readGatewayTarget(kind, values);
  const certification = await certifyGateway(
    { ...target, onOutcome: stopWhenRefused(target.at) },
    (label, done, total) => terminal.progress(label, done, total),
  );
  const { say } = terminal;
  const verdict = gatewayVerdict(certification);
  if (values.json) terminal.out(JSON.stringify(toJson(terminal, certification), null, 2));
  else for (const line of toLines(terminal, certification)) terminal.out(line);
  if (!values.json)
    terminal.out(terminal.paint(verdict.good ? 'green' : 'red', say(verdict.id, { count: verdict.count })));
  return verdict.good ? EXIT.good : EXIT.found;
}

function readGatewayTarget(kind: GatewayKind, values: GatewayValues): GatewayTarget {
  const { at } = values;
  if (values.junit !== undefined || values.html !== undefined) throw new Problem('problem.gateway-report');
  if (at === undefined) throw new Problem('problem.needed', { name: '--at' });
  if (!URL.canParse(at) || !/^https?:$/.test(new URL(at).protocol)) throw new Problem('problem.address', { at });
  const usual = kind === 'agents' ? TOKEN_PATHS : [];
  return {
    kind,
    at,
    key: readKey(values.key),
    header: (values.header ?? 'authorization').toLowerCase(),
    method: readChoice('--method', values.method?.toUpperCase(), ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) ?? 'POST',
    body: values.body ?? '{}',
    contentType: 'application/json',
    billed: values.billed?.split(',').map((path) => path.trim()) ?? usual,
    insecure: values.insecure === true,
    limit: readNumber('--limit', values.limit, LIMIT_MS[kind], 1),
  };
}

/** `NAME=SECRET`; a secret may hold further equals signs. */
function readKey(given: readonly string[] = []): GatewayKey {
  const [, name, secret] = given.length === 1 ? (/^([^=]+)=(.+)$/s.exec(given[0] ?? '') ?? []) : [];
  if (name === undefined || secret === undefined) throw new Problem('problem.gateway-key');
  return { name, secret };
}

function toLines(terminal: Terminal, { target, questions }: GatewayCertification): string[] {
  const { say, paint } = terminal;
  const troubled = questions.filter(({ findings }) => findings.length > 0);
  return [
    paint('bold', say('certify.title', { kind: target.kind, at: target.at })),
    `  ${say('certify.all-good', { count: questions.length - troubled.length })}`,
    ...findingLines(terminal, distinctFindings(troubled.flatMap(({ findings }) => findings))),
  ];
}

function toJson({ say }: Terminal, certification: GatewayCertification): object {
  const { target, questions } = certification;
  const { id, good, count } = gatewayVerdict(certification);
  const findings = distinctFindings(questions.flatMap((one) => one.findings));
  return {
    kind: target.kind,
    at: target.at,
    verdict: { good, id, text: say(id, { count }) },
    questions: questions.map((one) => ({
      id: one.id,
      passed: one.findings.every(({ severity }) => severity !== 'fail'),
      findings: one.findings.map((finding) => findingJson(say, finding)),
    })),
    findings: findings.map((finding) => findingJson(say, finding)),
  };
}
