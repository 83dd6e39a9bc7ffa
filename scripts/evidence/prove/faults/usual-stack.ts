import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { bundleReferences, installReferences } from '../../bench/bundles.ts';
import { signedEvent } from '../../bench/events.ts';
import { inWorld, type LoadedWorld, TABLES } from '../../bench/world.ts';
import type { Finding, Findings } from './cases.ts';
import { gate } from './gate.ts';
import { startValve, type Valve } from './valve.ts';

/** Milliseconds that an invocation has left when it begins, unless a case says otherwise. */
const REMAINING = 1_000;
const MINUTE = 60_000;

/** Plays the four faults against the usual stack (scripts/evidence/bench/reference), on the same engine. */
export async function usualStackFindings(say: (text: string) => void): Promise<Findings> {
  await installReferences(say);
  await bundleReferences();
  let valve: Valve | undefined;
  const through = async (endpoint: string) => {
    valve = await startValve(endpoint);
    return valve;
  };
  const [realNow, realLog, realWarn] = [Date.now, console.log, console.warn];
  let ahead = 0;
  Date.now = () => realNow() + ahead;
  [console.log, console.warn] = [() => {}, () => {}];
  try {
    return await inWorld(
      async (world) => {
        if (valve === undefined) throw new Error('There is no valve.');
        const stack = new Stack(world, valve, (ms) => {
          ahead += ms;
        });
        return {
          'refused duplicate': await refusedDuplicate(stack.next()),
          'zombie answer': await zombieAnswer(stack.next()),
          'no time left': await noTimeLeft(stack.next()),
          'late failure': await lateFailure(stack.next()),
        };
      },
      { through },
    );
  } finally {
    Date.now = realNow;
    [console.log, console.warn] = [realLog, realWarn];
  }
}

async function refusedDuplicate(order: Purchase): Promise<Finding> {
  const holding = order.holdFirst();
  const first = order.buy();
  await holding.reached;
  await order.buy();
  const third = await order.buy();
  holding.open();
  const own = await first;
  const count = await order.instances();
  if (count === 1) return undefined;
  return `${count} instances for one order: the third delivery got ${short(third.instanceId)}, the first ${short(own.instanceId)}`;
}

async function zombieAnswer(order: Purchase): Promise<Finding> {
  const holding = order.holdFirst();
  const first = order.buy();
  await holding.reached;
  order.passTime(5_000);
  const finished = await order.buy();
  holding.open();
  await first;
  const repeat = await order.buy();
  if (repeat.instanceId === finished.instanceId) return undefined;
  return `the repeat is answered ${short(repeat.instanceId)}, what was finished was ${short(finished.instanceId)}`;
}

async function noTimeLeft(order: Purchase): Promise<Finding> {
  await order.buyAndDie();
  order.passTime(50 * MINUTE);
  const { resultCode } = await order.buy();
  return resultCode === '000004' ? undefined : `50 minutes later a repeat is still answered ${resultCode}`;
}

async function lateFailure(order: Purchase): Promise<Finding> {
  const holding = order.holdFirst('throttled');
  const first = order.buy();
  await holding.reached;
  order.passTime(5_000);
  const finished = await order.buy();
  holding.open();
  await first;
  const repeat = await order.buy();
  if (repeat.instanceId === finished.instanceId) return undefined;
  return `the repeat makes another instance: ${await order.instances()} for one order`;
}

interface Said {
  readonly resultCode?: string;
  readonly instanceId?: string;
}

class Stack {
  private serial = 0;
  private readonly world: LoadedWorld;
  private readonly valve: Valve;
  private readonly passTime: (ms: number) => void;

  constructor(world: LoadedWorld, valve: Valve, passTime: (ms: number) => void) {
    this.world = world;
    this.valve = valve;
    this.passTime = passTime;
  }

  /** The next order nobody has placed yet. */
  next(): Purchase {
    this.serial += 1;
    this.valve.decide = () => 'through';
    return new Purchase(this.world, this.valve, this.passTime, `CS${this.serial}`);
  }
}

class Purchase {
  readonly passTime: (ms: number) => void;
  private readonly world: LoadedWorld;
  private readonly valve: Valve;
  private readonly orderId: string;

  constructor(world: LoadedWorld, valve: Valve, passTime: (ms: number) => void, orderId: string) {
    this.world = world;
    this.valve = valve;
    this.passTime = passTime;
    this.orderId = orderId;
  }

  /** Delivers the purchase. */
  async buy(): Promise<Said> {
    const { parameters, load } = this.world;
    const message = { activity: 'newInstance', orderId: this.orderId, orderLineId: `${this.orderId}-000001` };
    const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => REMAINING } as Context;
    const { body } = await load('reference')(signedEvent(parameters.key, message), context);
    return JSON.parse(body ?? '{}') as Said;
  }

  /** Delivers the purchase to a process with no time left, which ends in the middle of its business write. */
  async buyAndDie(): Promise<void> {
    const { parameters, environment } = this.world;
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'usual-stack-process.ts'), this.orderId, parameters.key, String(Date.now())],
      { stdio: 'ignore', env: { ...process.env, ...environment } },
    );
    const ended = once(child, 'exit');
    let isOver = false;
    this.valve.decide = ({ text }) => {
      isOver ||= text.includes('INSTANCE#demo#');
      if (!isOver) return 'through';
      child.kill('SIGKILL'); // what was on its way does not arrive, and nothing follows
      return { after: new Promise(() => {}) };
    };
    await ended;
    this.valve.decide = () => 'through';
    if (!isOver) throw new Error('The process ended before its business write.');
  }

  /** Holds the first business write, with the SDK's repeats of it, until it is let go to its end. */
  holdFirst(end: 'through' | 'throttled' = 'through') {
    const holding = gate();
    let held: string | undefined;
    this.valve.decide = ({ operation, text }) => {
      if (operation !== 'PutItem' || !text.includes('INSTANCE#demo#') || !text.includes(this.orderId)) return 'through';
      const instance = /INSTANCE#demo#[\w-]+/.exec(text)?.[0];
      held ??= instance;
      return instance === held ? { after: holding.pass(), end } : 'through';
    };
    return holding;
  }

  async instances(): Promise<number> {
    const { Items = [] } = await this.world.client.send(new ScanCommand({ TableName: TABLES.reference }));
    return Items.filter(({ orderId }) => orderId?.S === this.orderId).length;
  }
}

function short(id: string | undefined): string {
  return id === undefined ? 'nothing' : `${id.slice(0, 8)}…`;
}
