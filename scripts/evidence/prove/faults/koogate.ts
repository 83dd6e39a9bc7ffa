import type { InstanceItem } from '../../../../lib/instances/item.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import { readItem } from '../../../../lib/instances/write.ts';
import type { HookContext, Seller } from '../../../../lib/seller/contract.ts';
import { startInstallation } from '../../../../tests/support/installation.ts';
import type { Case, Finding, Findings } from './cases.ts';
import { type Gate, gate } from './gate.ts';

/** Longer than any hold. */
const MINUTE = 60_000;

/** The first attempt waits at the gate; later ones do not. */
class Stalling {
  readonly keys: string[] = [];
  readonly gate: Gate = gate();
  fails = false;

  async provision(_: unknown, { idempotencyKey, attempt }: HookContext) {
    this.keys.push(idempotencyKey);
    if (this.keys.length === 1) {
      await this.gate.pass();
      if (this.fails) throw new Error('failed late');
    }
    return { access: { frontEndUrl: 'https://example.com', userName: `attempt ${attempt}`, password: 'p' } };
  }
}

/** Plays the four faults against KooGate: the function's own code, a real engine, a product carried out inline. */
export async function koogateFindings(): Promise<Findings> {
  return {
    'refused duplicate': await inCase(async ({ buy, sweep, stalling }) => {
      const first = buy();
      await stalling.gate.reached;
      const refused = [await buy(), await buy()];
      await sweep();
      const calls = stalling.keys.length;
      stalling.gate.open();
      const [own, again] = [await first, await buy()];
      if (refused.some((code) => code !== '000004')) return `duplicates were answered ${refused}`;
      if (calls !== 1) return `the seller was asked ${calls} times while the first attempt ran`;
      return own === '000000' && again === '000000' ? undefined : `answered ${own}, then ${again}`;
    }),
    'zombie answer': await inCase(async (stage) => overtaken(stage, false)),
    'no time left': await inCase(async ({ buy, sweep, stalling, time, stored }) => {
      stalling.gate.open();
      const late = await buy({ takenAt: time.now - 4_999 });
      const now = time.now;
      await sweep();
      const state = (await stored())?.state;
      if (state !== 'ACTIVE') return `the purchase is ${state} after the next sweep`;
      if (time.now !== now) return 'time had to pass';
      return (await buy()) === '000000' ? undefined : `answered ${late}, then not with success`;
    }),
    'late failure': await inCase(async (stage) => overtaken(stage, true)),
  };
}

type CaseStage = Parameters<Parameters<typeof inCaseOnce>[0]>[0];

/** A call has 3.5 seconds of real time: what is found on a machine that takes longer for a case is found out anew. */
async function inCase(play: Parameters<typeof inCaseOnce>[0]): Promise<Finding> {
  for (let tries = 1; ; tries += 1) {
    const { finding, took } = await inCaseOnce(play);
    if (finding === undefined || took < 3_000 || tries === 5) return finding;
  }
}

/** The first attempt stands still past its hold; another finishes; then the first ends, well or badly. */
async function overtaken({ buy, sweep, stalling, time, stored }: CaseStage, fails: boolean): Promise<Finding> {
  stalling.fails = fails;
  const first = buy();
  await stalling.gate.reached;
  time.now += MINUTE;
  await sweep();
  const finished = await stored();
  if (finished?.state !== 'ACTIVE') return 'nobody took over from the first attempt';
  stalling.gate.open();
  await first;
  await sweep();
  const after = await stored();
  if (after?.access !== finished.access) return 'the stored answer changed';
  if (after?.state !== 'ACTIVE' || after.pending.length > 0) return 'the finished record was undone';
  if (new Set(stalling.keys).size !== 1) return 'an attempt had another idempotency key';
  const calls = stalling.keys.length;
  const answer = await buy();
  if (answer !== '000000') return `the repeat was answered ${answer}`;
  return calls === 2 && stalling.keys.length === 2 ? undefined : `the seller was asked ${stalling.keys.length} times`;
}

async function inCaseOnce(
  play: (stage: {
    /** Delivers the purchase and resolves to the result code. */
    buy(options?: { takenAt: number }): Promise<string | undefined>;
    sweep(): Promise<void>;
    stored(): Promise<InstanceItem | undefined>;
    readonly stalling: Stalling;
    readonly time: { now: number };
  }) => Promise<Finding>,
): Promise<{ readonly finding: Finding; readonly took: number }> {
  const stalling = new Stalling();
  const seller = {
    provision: (change: unknown, context: HookContext) => stalling.provision(change, context),
  } as unknown as Seller;
  const installation = await startInstallation({ demo: { seller, fulfilment: 'inline' } });
  const { time, engine } = installation;
  const purchase = { activity: 'newInstance', orderId: 'CS1', orderLineId: 'CS1-000001' };
  let instanceId = '';
  const began = performance.now();
  try {
    const finding = await play({
      stalling,
      time,
      buy: async (options = { takenAt: time.now }) => {
        const { json } = await installation.call(purchase, options);
        instanceId = json.instanceId ?? instanceId;
        return json.resultCode;
      },
      sweep: () => installation.sweep(),
      stored: async () => {
        if (instanceId === '') instanceId = (await installation.call(purchase)).json.instanceId ?? '';
        return readItem<InstanceItem>(engine.table, keys.instance('demo', instanceId));
      },
    });
    return { finding, took: performance.now() - began };
  } finally {
    stalling.gate.open();
    await installation.stop();
  }
}

export type { Case };
