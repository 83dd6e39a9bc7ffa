import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Scheduler } from 'fast-check';
import type { Product } from '../../../../lib/config/products.ts';
import type { MemoryEngine, Send } from '../../../../lib/table/memory.ts';
import type { Table } from '../../../../lib/table/table.ts';
import type { Effects } from './effects.ts';
import type { HookFault, TableFault } from './plan.ts';

/** Longer than any hold: whoever stands still so long has lost what it held. */
export const STALL = 60_000;

/** State that all actors of a schedule share. */
export interface Stage {
  readonly engine: MemoryEngine;
  readonly scheduler: Scheduler;
  readonly time: { now: number };
  /** The product that is bought. */
  readonly product: Product;
  readonly effects: Effects;
  readonly tableFaults: TableFault[];
  readonly hookFaults: HookFault[];
  /** Outcome of attempts at renewals and upgrades once those are used up and all comes to rest. */
  readonly stubborn: HookFault[];
  /** Actor that is writing to the engine at this moment. */
  writer: Actor | undefined;
}

/** Thrown by whoever is dead. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/** A process: it meets faults, holds items, and may die. */
export class Actor {
  readonly name: string;
  isDead = false;
  /** Tokens it has used, and the end of the newest hold it asked for. */
  readonly tokens = new Set<string>();
  holdUntil = Number.POSITIVE_INFINITY;
  private readonly stage: Stage;

  constructor(stage: Stage, name: string) {
    this.stage = stage;
    this.name = name;
  }

  /** Lets anybody else go first. */
  async hop(what: string): Promise<void> {
    await this.stage.scheduler.schedule(Promise.resolve(), `${this.name} ${what}`);
  }

  /** The table as this process reaches it. */
  get table(): Table {
    const send = (async (command: Command) => this.request(command)) as unknown as Send;
    return { name: 'model', client: { send } };
  }

  /** One call of a hook, with the fault that is its turn or else `then`; `carryOut` is the effect. */
  async hook(what: string, then: HookFault | undefined, carryOut: () => void): Promise<void> {
    const { time, hookFaults } = this.stage;
    const fault = hookFaults.shift() ?? then ?? 'none';
    if (fault !== 'none') await this.hop(`${what} ${fault}`);
    if (fault === 'fails before') throw new Error('failed before the effect');
    if (fault === 'stalls before' || fault === 'stalls and fails') await this.stall(what);
    carryOut();
    time.now += 5;
    if (fault === 'stalls after') await this.stall(what);
    if (fault === 'fails after' || fault === 'stalls and fails') throw new Error('failed after the effect');
    if (fault === 'dies') throw this.die();
  }

  private async request(command: Command): Promise<unknown> {
    if (this.isDead) throw new Dead(this.name);
    const fault = this.stage.tableFaults.shift() ?? 'none';
    const what = command.constructor.name;
    this.note(command);
    await this.hop(what);
    this.stage.time.now += 1;
    if (fault === 'throttled') throw named('ProvisionedThroughputExceededException');
    if (fault === 'dies before') throw this.die();
    if (fault === 'stalls before') await this.stall(what);
    const answer = await this.apply(command, fault === 'repeated' ? 2 : 1);
    if (fault === 'none') return unwrapped(answer);
    await this.hop(`${what} ${fault}`);
    if (fault === 'dies after') throw this.die();
    if (fault === 'answer lost') throw named('TimeoutError');
    if (fault === 'stalls after') await this.stall(what);
    return unwrapped(answer);
  }

  private async apply(command: Command, times: number): Promise<{ value: unknown } | { error: unknown }> {
    let answer: { value: unknown } | { error: unknown } = { value: undefined };
    for (let time = 0; time < times; time += 1) {
      this.stage.writer = this;
      const sent = Reflect.apply(this.stage.engine.send, undefined, [command]) as Promise<unknown>;
      answer = await sent.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if ('error' in answer && !(answer.error instanceof ConditionalCheckFailedException)) break;
    }
    return answer;
  }

  private note({ input }: Command): void {
    const values = input.ExpressionAttributeValues ?? {};
    const owner = values[':owner']?.S ?? input.Item?.leaseOwner?.S;
    const until = values[':until']?.N ?? input.Item?.leaseUntil?.N;
    if (owner !== undefined) this.tokens.add(owner);
    if (until !== undefined) this.holdUntil = Number(until);
  }

  private async stall(what: string): Promise<void> {
    this.stage.time.now += STALL;
    await this.hop(`${what} after a stall`);
  }

  private die(): Dead {
    this.isDead = true;
    return new Dead(this.name);
  }
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
    readonly Item?: Readonly<Record<string, AttributeValue>>;
  };
}

function unwrapped(answer: { value: unknown } | { error: unknown }): unknown {
  if ('error' in answer) throw answer.error;
  return answer.value;
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
