import type { Subject } from '../../marketplace/calls/subject.ts';
import type { OrderDraft } from '../../marketplace/stand-in/order-traits.ts';
import type { Observer, StoredState } from '../chaos/observer.ts';
import type { LifeOptions } from './options.ts';
import type { Purchase } from './purchase.ts';
import type { LifeFamily, Step } from './script.ts';

/* Looks whether a call has done what it says. A call that is answered with success and then ignored costs the buyer. */

/** State that has to be stored after a call. */
interface Expected {
  readonly state?: 'ACTIVE' | 'FROZEN' | 'RELEASED';
  /** Unix milliseconds; whole seconds count. */
  readonly expiresAt?: number;
  readonly skuCode?: string;
  readonly seats?: number;
}

const PAUSE_MS = 100;

/** Waits until what is stored fits. Undefined then; else the member that still differs when the patience is over. */
async function unmet(
  observe: Observer,
  instanceId: string,
  expected: Expected,
  patience: number,
): Promise<{ readonly member: string; readonly wanted: string; readonly found: string } | undefined> {
  const until = Date.now() + patience;
  for (;;) {
    const difference = differenceOf(await observe(instanceId), expected);
    if (difference === undefined || Date.now() >= until) return difference;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function differenceOf(stored: StoredState | undefined, expected: Expected) {
  const seconds = (time: number | undefined) => time && Math.floor(time / 1000);
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['state', expected.state, stored?.state ?? 'RELEASED'],
    ['expiresAt', seconds(expected.expiresAt), seconds(stored?.expiresAt)],
    // Not every server shows these.
    ['skuCode', expected.skuCode, stored?.skuCode ?? expected.skuCode],
    ['seats', expected.seats, stored?.seats ?? expected.seats],
  ];
  const wrong = pairs.find(([, wanted, found]) => wanted !== undefined && wanted !== found);
  return wrong && { member: wrong[0], wanted: String(wrong[1]), found: String(wrong[2]) };
}

/** Waits until something has been asked for. Whether it was. */
async function wasAsked(count: () => Promise<number>, patience: number): Promise<boolean> {
  const until = Date.now() + patience;
  for (;;) {
    if ((await count()) > 0) return true;
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Families whose calls say nothing of what was bought: an order tells. */
const ASKING: readonly LifeFamily[] = ['saas-v2', 'joint', 'license-online'];

/** Effect that a call failed to have: the name of a sentence, and values for its places. */
export interface Shortcoming {
  readonly why: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Looks whether the server has asked what was bought, and whether it has done what it was told. */
export async function shortcomings(
  { orders, observe, patience, family }: LifeOptions,
  { bought, subject }: Purchase,
  step: Step,
  own: Partial<Subject>,
): Promise<Shortcoming[]> {
  const found: Shortcoming[] = [];
  if (!ASKING.includes(family)) return found;
  const orderId = own.orderId ?? subject.orderId ?? '';
  if (orders && (step.twice || step.activity === 'upgradeInstance')) {
    const asked = await wasAsked(() => orders.asked(orderId), patience);
    if (!asked) found.push({ why: 'life.why.not-asked', values: { orderId } });
  }
  const expected = expectedOf(step, own, bought);
  if (observe === undefined || expected === undefined || subject.instanceId === undefined) return found;
  const difference = await unmet(observe, subject.instanceId, expected, patience);
  return difference === undefined ? found : [...found, { why: 'life.why.not-done', values: difference }];
}

/** Derives what has to be stored after a step; undefined if it changes nothing. */
function expectedOf(step: Step, { expiresAt }: Partial<Subject>, bought: OrderDraft | undefined): Expected | undefined {
  const { activity, members = {} } = step;
  if (activity === 'releaseInstance') return { state: 'RELEASED' };
  if (activity === 'updateInstanceStatus') return { state: members.status === 'FREEZE' ? 'FROZEN' : 'ACTIVE' };
  if (activity === 'refreshInstance') return expiresAt === undefined ? undefined : { expiresAt };
  if (activity !== 'upgradeInstance' && !step.twice) return undefined;
  return {
    ...(step.twice && { state: 'ACTIVE' as const }),
    ...(bought?.skuCode !== undefined && { skuCode: bought.skuCode }),
    ...(bought?.linearValue !== undefined && { seats: bought.linearValue }),
  };
}
