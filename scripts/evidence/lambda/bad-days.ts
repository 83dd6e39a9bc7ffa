import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, call } from '../../marketplace/signed-calls.ts';
import { refusal, type ServiceCall } from './services.ts';
import type { LambdaStage } from './stage.ts';

/*
 * Faults that AWS itself can bring upon the functions on a bad day, played one after the other: each ends with a
 * purchase that must come through, or with calls that must be refused as they should and come through once the fault is
 * over.
 */

/** Faults that were found, in sentences; none if the day was survived. */
type Findings = readonly string[];

/** Plays one bad day and puts everything right again. */
type BadDay = (stage: LambdaStage, order: string) => Promise<Findings>;

/** Milliseconds until a purchase must have come through; a missing parameter is asked for again after ten seconds. */
const PATIENCE_MS = 45_000;

/** Product that is bought: one whose calls touch table and parameters, and nothing else. */
const PRODUCT = 'plain';

/** The bad days by what happens on them. */
export const BAD_DAYS: Readonly<Record<string, BadDay>> = {
  'idle connections are closed while the sandboxes are frozen': async (stage, order) => {
    stage.services.closeIdle();
    return buy(stage, order);
  },
  'the table throttles a call twice': (stage, order) =>
    refusing(stage, 'ProvisionedThroughputExceededException', twice('dynamodb', 'ProduceRole'), () =>
      buy(stage, order),
    ),
  'Parameter Store throttles a cold start twice': async (stage, order) => {
    await coldStart(stage);
    return refusing(stage, 'ThrottlingException', twice('ssm', 'ProduceRole'), () => buy(stage, order));
  },
  'the clocks of the services are ten minutes ahead': async (stage, order) => {
    await coldStart(stage);
    const before = stage.services.unsigned.length;
    stage.services.faults.aheadMs = 600_000;
    try {
      const findings = await buy(stage, order);
      return stage.services.unsigned.length > before ? findings : ['no signature was refused: the day was not played'];
    } finally {
      stage.services.faults.aheadMs = 0;
      await coldStart(stage); // a sandbox keeps what it has learned of the clocks
    }
  },
  'a product’s keys cannot be read': async (stage, order) => {
    await coldStart(stage);
    const isOfKeys = ({ service, role }: ServiceCall) => service === 'ssm' && role === 'ProduceRole';
    const before = await refusing(stage, 'AccessDeniedException', isOfKeys, () => newInstance(stage, order));
    const findings = before.status === 503 ? [] : [`expected HTTP 503 without keys, found ${shown(before)}`];
    return [...findings, ...(await buy(stage, order))];
  },
  'the stream hands nothing over, and the sweep does all': async (stage, order) => {
    const before = stage.mappings.dropped;
    stage.mappings.isStreamDead = true;
    try {
      const findings = await buy(stage, order);
      return stage.mappings.dropped > before
        ? findings
        : ['the stream had nothing to hand over: the day was not played'];
    } finally {
      stage.mappings.isStreamDead = false;
    }
  },
  'the sweep does not run, and the stream does all': async (stage, order) => {
    stage.mappings.isSweepDead = true;
    try {
      return await buy(stage, order);
    } finally {
      stage.mappings.isSweepDead = false;
    }
  },
};

/** Plays a bad day. @returns what was found, errors of the functions included */
export async function playBadDay(stage: LambdaStage, name: string, order: string): Promise<Findings> {
  const faults = () => [...stage.functions.values()].flatMap((one) => one.faults);
  const before = new Set(faults());
  const found = await (BAD_DAYS[name]?.(stage, order) ?? [`there is no bad day "${name}"`]);
  return [...found, ...faults().filter((fault) => !before.has(fault))];
}

/** Buys, asks until the login data are there, and gives back. @returns what was not answered as it should be */
async function buy(stage: LambdaStage, order: string): Promise<Findings> {
  const bought = await until(
    () => newInstance(stage, order),
    ({ json }) => json.resultCode === '000000' || json.resultCode === '000004',
  );
  const { instanceId } = bought.json;
  if (typeof instanceId !== 'string') return [`expected newInstance to be taken, found ${shown(bought)}`];
  const ready = await until(
    () => send(stage, { activity: 'queryInstance', instanceId }),
    ({ json }) => json.resultCode === '000000',
  );
  const release = { activity: 'releaseInstance', instanceId, orderId: `${order}R`, orderLineId: `${order}R-1` };
  const released = await until(
    () => send(stage, release), // a sandbox remembers for seconds that it was refused its keys
    ({ json }) => json.resultCode === '000000',
  );
  return [
    ...findings('queryInstance', ready, ready.json.resultCode === '000000'),
    ...findings('releaseInstance', released, released.json.resultCode === '000000'),
  ];
}

function findings(activity: string, answer: Answer, holds: boolean): Findings {
  return holds && answer.bodySignHolds ? [] : [`expected a signed 000000 to ${activity}, found ${shown(answer)}`];
}

function shown({ status, text }: Answer): string {
  return `HTTP ${status} ${text.slice(0, 200)}`;
}

function newInstance(stage: LambdaStage, order: string): Promise<Answer> {
  return send(stage, { activity: 'newInstance', businessId: order, orderId: order, orderLineId: `${order}-000001` });
}

function send({ server, secrets }: LambdaStage, message: Readonly<Record<string, unknown>>): Promise<Answer> {
  const key = secrets.products[PRODUCT]?.accessKeys.base?.[0] ?? '';
  return call(`${server.run.route}/${PRODUCT}`, key, message);
}

/** Asks until the answer is the one that is waited for, or the patience ends. */
async function until(ask: () => Promise<Answer>, holds: (answer: Answer) => boolean): Promise<Answer> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const answer = await ask();
    if (holds(answer) || Date.now() > end) return answer;
  }
}

/** Ends all sandboxes, so that the next calls start some. */
async function coldStart({ functions }: LambdaStage): Promise<void> {
  await Promise.all([...functions.values()].map((one) => one.recycle()));
}

/** Plays something while calls of a kind are refused. */
async function refusing<Result>(
  { services }: LambdaStage,
  type: string,
  concerns: (call: ServiceCall) => boolean,
  play: () => Promise<Result>,
): Promise<Result> {
  let refused = 0;
  services.faults.interfere = (call) => {
    if (!concerns(call)) return undefined;
    refused += 1;
    return refusal(type);
  };
  try {
    const result = await play();
    if (refused === 0) throw new Error('Expected calls that are refused, found none: the day was not played.');
    return result;
  } finally {
    services.faults.interfere = undefined;
  }
}

/** Concerns the first two calls of a service by a role. */
function twice(service: ServiceCall['service'], role: string): (call: ServiceCall) => boolean {
  let left = 2;
  return (call) => {
    if (left === 0 || call.service !== service || call.role !== role) return false;
    left -= 1;
    return true;
  };
}
