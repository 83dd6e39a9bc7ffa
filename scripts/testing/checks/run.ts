import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import type { HookContext, Notes, Seller } from '../../../lib/seller/contract.ts';
import type { Finding } from './finding.ts';
import { type Extra, HOOK_OF, Life, type LifeOrders, type Step } from './life.ts';

/** Means that `observe` is given beside the instance's id. */
export interface Observed {
  /** The notes of the seller's hooks. */
  readonly notes: Notes;
}

/**
 * Tells what the customer has: everything there is for an instance, as JSON. Leave out what differs by chance, such as
 * passwords, ids of your own and logs.
 */
export type Observe = (instanceId: string, observed: Observed) => unknown;

/** Settings that all runs of a check share. */
export interface CheckContext {
  readonly seller: Seller;
  readonly product: string;
  readonly notes: Notes;
  readonly observe: Observe | undefined;
  /** False for a product of which nothing but keys is asked. */
  readonly hasInstances: boolean;
  readonly orders: LifeOrders;
  secret(name: string): Promise<string>;
  /** Unix milliseconds at which all lives begin. */
  readonly start: number;
  /** Tells one life from another, in this check and every other. */
  serial(): string;
}

/** The end of a hook's call. */
export type Ended = { readonly answer: unknown } | { readonly error: unknown };

/** Milliseconds of real time after which an attempt that waits for another is let go on, so that neither waits for ever. */
const HOLD_BACK_MS = 200;
const HOUR_MS = 3_600_000;

/** One instance that is led through its life, with or without disturbances. */
export class Run {
  private readonly check: CheckContext;
  private readonly life: Life;
  private readonly attempts = new Map<string, number>();
  private now: number;

  constructor(check: CheckContext) {
    this.check = check;
    this.now = check.start;
    this.life = new Life(check.product, check.serial(), check.start, check.orders);
  }

  /** Calls the hook of a step: the next attempt at it, an hour later if there was one. */
  async call(step: Step | Extra, given: Partial<HookContext> = {}): Promise<Ended> {
    const attempt = (this.attempts.get(step) ?? 0) + 1;
    this.attempts.set(step, attempt);
    this.now += attempt > 1 ? HOUR_MS : 1_000;
    const context: HookContext = {
      idempotencyKey: this.life.key(step),
      attempt,
      now: new Date(this.now),
      signal: new AbortController().signal,
      notes: this.check.notes,
      secret: (name) => this.check.secret(name),
      ...given,
    };
    return ended(async () => this.life.call(this.check.seller, step, context));
  }

  /**
   * Begins an attempt, aborts it, has `meanwhile` done, and lets the attempt end after that. Its notes are written at its
   * end: what it does elsewhere cannot be held back.
   */
  async overtaken<Result>(step: Step, meanwhile: () => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const late = this.call(step, { signal: controller.signal, notes: heldBack(this.check.notes, gate) });
    await setImmediate();
    controller.abort(new Error('The attempt took too long.'));
    const work = meanwhile();
    await Promise.race([work, pause(HOLD_BACK_MS)]);
    letGo();
    const [result] = await Promise.all([work, late]);
    return result;
  }

  /** Observes what the customer has, with the ids of this life replaced; undefined without `observe`. */
  async view(): Promise<unknown> {
    const { observe, notes } = this.check;
    return observe === undefined ? undefined : this.neutral(await observe(this.life.instanceId, { notes }));
  }

  /** An answer as far as two of them must be the same: passwords may differ. */
  shape(step: Step | Extra, { answer }: { readonly answer: unknown }): unknown {
    const neutral = this.neutral(answer);
    const { access } = Object(neutral) as { readonly access?: Readonly<Record<string, unknown>> };
    if (HOOK_OF[step] !== 'provision' || access === undefined) return neutral;
    const { password, memo, ...same } = access;
    return { access: { ...same, hasPassword: password !== undefined, hasMemo: memo !== undefined } };
  }

  private neutral(value: unknown): unknown {
    const text = JSON.stringify(value);
    if (text === undefined) return null;
    return JSON.parse(this.life.ids.reduce((all, [id, name]) => all.replaceAll(id, name), text));
  }
}

/** The finding that an ended hook is by itself, if it is one. */
export function fault(step: Step | Extra, disturbance: Finding['disturbance'], result: Ended): Finding | undefined {
  const about = { hook: HOOK_OF[step], disturbance, expected: undefined };
  if ('error' in result) return { ...about, kind: 'threw', found: result.error };
  const { failed } = Object(result.answer) as { readonly failed?: unknown };
  return failed === undefined ? undefined : { ...about, kind: 'failed', found: failed };
}

async function ended(hook: () => Promise<unknown>): Promise<Ended> {
  try {
    return { answer: await hook() };
  } catch (error) {
    return { error };
  }
}

function heldBack(notes: Notes, gate: Promise<void>): Notes {
  return {
    get: (key) => notes.get(key),
    put: async (key, value) => {
      await gate;
      return notes.put(key, value);
    },
    create: async (key, value) => {
      await gate;
      return notes.create(key, value);
    },
    delete: async (key) => {
      await gate;
      return notes.delete(key);
    },
  };
}
