import fc from 'fast-check';

/** Fault that one request to the table meets. */
export type TableFault =
  | 'none'
  /** Refused before it takes effect, and the SDK's own repeats too. */
  | 'throttled'
  /** The answer is lost; the SDK sends the request again. */
  | 'repeated'
  /** It takes effect, and whoever sent it is told of a time-out. */
  | 'answer lost'
  /** Whoever sent it stands still past the end of every hold, before it takes effect or after. */
  | 'stalls before'
  | 'stalls after'
  /** Whoever sent it dies, before it takes effect or after. */
  | 'dies before'
  | 'dies after';

/** Fault in one call of a hook. */
export type HookFault =
  | 'none'
  /** It throws, before its effect or after. */
  | 'fails before'
  | 'fails after'
  /** It stands still past the end of every hold, before its effect or after, and then ends well or throws. */
  | 'stalls before'
  | 'stalls after'
  | 'stalls and fails'
  /** Its process dies after the effect. */
  | 'dies';

/** A call of the marketplace, told until it is answered, as often as `copies` says at the same time. */
export interface Delivery {
  readonly what: 'renew' | 'upgrade' | 'freeze' | 'unfreeze' | 'release';
  readonly order: number;
  readonly copies: number;
}

/** One schedule's cast and its faults; the order in which everything happens is the scheduler's. */
export interface Plan {
  /** Deliveries of the purchase at the same time, and whether each carries it out while the marketplace waits. */
  readonly purchases: readonly ('async' | 'inline')[];
  readonly deliveries: readonly Delivery[];
  /** Workers woken by the stream: the milliseconds each has left. */
  readonly workers: readonly number[];
  readonly tableFaults: readonly TableFault[];
  readonly hookFaults: readonly HookFault[];
  /** Milliseconds that a purchase has: the ordinary window, or one that a process may stand still through. */
  readonly window: number;
  /** Attempts at renewals and upgrades that fail after all that, before their effect or after. */
  readonly stubborn: readonly ('fails before' | 'fails after')[];
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Delivery['what']>('renew', 'upgrade', 'freeze', 'unfreeze') },
    { weight: 1, arbitrary: fc.constant<Delivery['what']>('release') },
  ),
  order: fc.integer({ min: 1, max: 2 }),
  copies: fc.integer({ min: 1, max: 2 }),
});

/** Faults are drawn in the order of the requests, and none is left when they are used up. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  purchases: fc.array(fc.constantFrom('async', 'inline'), { minLength: 1, maxLength: 3 }),
  deliveries: fc.array(delivery, { maxLength: 4 }),
  workers: fc.array(fc.constantFrom(1_000_000, 1_000_000, 1_000_000, 0), { minLength: 1, maxLength: 3 }),
  tableFaults: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant<TableFault>('none') },
      {
        weight: 3,
        arbitrary: fc.constantFrom<TableFault>(
          ...([
            'throttled',
            'repeated',
            'answer lost',
            'stalls before',
            'stalls after',
            'dies before',
            'dies after',
          ] as const),
        ),
      },
    ),
    { maxLength: 12 },
  ),
  hookFaults: fc.array(
    fc.constantFrom<HookFault>(
      ...([
        'none',
        'fails before',
        'fails after',
        'stalls before',
        'stalls after',
        'stalls and fails',
        'dies',
      ] as const),
    ),
    { maxLength: 4 },
  ),
  window: fc.constantFrom(10_800_000, 10_800_000, 90_000),
  stubborn: fc.array(fc.constantFrom('fails before', 'fails after'), { maxLength: 5 }),
});
