import { sendCall } from '../../../marketplace/calls/send.ts';
import { distinctFindings, type Finding, found, remark } from '../finding.ts';
import { answerFindings, tellsError } from './answers.ts';
import { askServer, type GatewayTarget, type GatewayWish, isBilled, prepareGatewayCall, statusOf } from './bench.ts';
import { askForged, forgeriesOf } from './forgeries.ts';

/** Result of one question. */
export interface GatewayQuestion {
  readonly id: string;
  readonly findings: readonly Finding[];
}

/** Everything that a server behind a gateway was asked. */
export interface GatewayCertification {
  readonly target: GatewayTarget;
  readonly questions: readonly GatewayQuestion[];
}

/** A question, and what is wrong with its answer. */
type Ask = (target: GatewayTarget) => Promise<Finding[]>;

/** Forms that a right proof may have, since no page shows one; the server has to take the first. */
const FORMS: Readonly<Record<GatewayTarget['kind'], Readonly<Record<string, GatewayWish>>>> = {
  api: {
    usual: {},
    'few-headers': { signed: ['host', 'x-sdk-date'] },
    'more-headers': { headers: { 'x-koogate-certify': '1' } },
    'no-blanks': { proof: (proof) => proof.replaceAll(', ', ',') },
    'unsigned-payload': { headers: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' } },
  },
  agents: {
    usual: {},
    bare: { scheme: '' },
    'exp-in-milliseconds': { token: { unit: 'milliseconds' } },
    'no-exp': { token: { payload: { exp: undefined } } },
    'type-named': { token: { header: { typ: 'JWT' } } },
  },
};

/** Asks a server what a gateway asks and what nobody but a gateway may ask: forged calls first, then right ones. */
export async function certifyGateway(
  target: GatewayTarget,
  onStep: (label: string, done: number, total: number) => void,
): Promise<GatewayCertification> {
  const asks = new Map<string, Ask>([
    ...[...forgeriesOf(target.kind, target)].map(([id, wish]): [string, Ask] => [
      id,
      (server) => askForged(server, id, wish),
    ]),
    ...Object.entries(FORMS[target.kind]).map(([id, wish]): [string, Ask] => [
      id,
      (server) => askForm(server, id, wish),
    ]),
    ['repeat', askTwice],
    ['nonsense', askNonsense],
    ['probe', askProbe],
  ]);
  const questions: GatewayQuestion[] = [];
  for (const [id, ask] of asks) {
    onStep(id, questions.length, asks.size);
    questions.push({ id, findings: distinctFindings(await ask(target)) });
  }
  onStep('', asks.size, asks.size);
  return { target, questions };
}

async function askForm(target: GatewayTarget, id: string, wish: GatewayWish): Promise<Finding[]> {
  const outcome = await askServer(target, wish);
  if (outcome.kind === 'answer' && isBilled(outcome)) return id === 'usual' ? answerFindings(target, outcome) : [];
  const status = statusOf(outcome);
  return [
    id === 'usual' ? found(`gateway.${target.kind}.refused`, { status }) : remark(`gateway.form.${id}`, { status }),
  ];
}

/** A gateway that repeats a call may send it as it was. */
async function askTwice(target: GatewayTarget): Promise<Finding[]> {
  const call = prepareGatewayCall(target);
  const send = () => sendCall(call, { insecure: target.insecure, wait: target.limit });
  const [first, second] = [await send(), await send()];
  return isBilled(first) && !isBilled(second) ? [remark('gateway.repeat-refused', { status: statusOf(second) })] : [];
}

/** A call that makes no sense is not to be billed. */
async function askNonsense(target: GatewayTarget): Promise<Finding[]> {
  if (target.method === 'GET') return [];
  const outcome = await askServer(target, { body: '{"' });
  if (outcome.kind === 'failure') return [remark('gateway.crash', { status: statusOf(outcome) })];
  return isBilled(outcome) && tellsError(outcome) ? [found('gateway.error-billed', { status: statusOf(outcome) })] : [];
}

/** The console's check of the address, whose call no page shows: any status will do, silence will not. */
async function askProbe(target: GatewayTarget): Promise<Finding[]> {
  const outcome = await sendCall(
    { method: 'HEAD', url: target.at, headers: {} },
    { insecure: target.insecure, wait: Math.min(target.limit, 10_000) },
  );
  return outcome.kind === 'answer' ? [] : [found('gateway.probe-silent', { status: outcome.reason })];
}

/** Verdict: the name of its sentence, how often it applies, and whether the server may be listed. */
export interface GatewayVerdict {
  readonly id: `gateway.verdict.${'ready' | 'forgeable' | 'refuses' | 'not-ready'}`;
  readonly count: number;
  readonly good: boolean;
}

/** A server that takes forged calls is never ready, whatever else it does. */
export function gatewayVerdict({ questions }: GatewayCertification): GatewayVerdict {
  const findings = questions.flatMap((one) => one.findings).filter(({ severity }) => severity === 'fail');
  const forged = findings.filter(({ id }) => id.includes('.forged.')).length;
  if (forged > 0) return { id: 'gateway.verdict.forgeable', count: forged, good: false };
  if (findings.some(({ id }) => id.endsWith('.refused')))
    return { id: 'gateway.verdict.refuses', count: 1, good: false };
  const count = distinctFindings(findings).length;
  return count > 0
    ? { id: 'gateway.verdict.not-ready', count, good: false }
    : { id: 'gateway.verdict.ready', count: 0, good: true };
}
