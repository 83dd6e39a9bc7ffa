import { AWS_PRICES } from './prices.ts';

/** Minutes of a month. */
const MINUTES = 43_800;
const MILLION = 1_000_000;
const GB = 1e9;

/** Alarms from outside that a stage has, and metrics of its own that they count. */
export const ALARMS = 8;
export const METRICS = 1;
/** Memory of the functions, in GB, as serverless.yml and deploy/aws/functions.yml give it. */
export const MEMORY_GB = { produce: 1, fulfil: 0.5 } as const;
/** Runs of the meter and of the reconciliation in a month; each looks and finds nothing, as a sweep does. */
const TIMED_RUNS = 4 * 24 * 30.4 + 16 * 30.4;
/** Lines that Lambda itself adds to the log of each run: START, END and REPORT. */
const LAMBDA_BYTES = 350;

/** Measured cost of one sweep with nothing due. */
export interface SweepCost {
  readonly reads: number;
  readonly writes: number;
  /** Bytes logged. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Measured cost of one order: purchase, its repeat, two polls, fulfilment, one renewal a year and the rest of its life. */
export interface OrderCost {
  /** Calls that come in, and write units of the purchase with its fulfilment. */
  readonly calls: number;
  readonly writes: number;
  /** Bytes that one call logs. */
  readonly bytes: number;
  /** Milliseconds of a call, and of an attempt without the seller's own time. */
  readonly callMs: number;
  readonly attemptMs: number;
  /** Bytes that an instance keeps in the table, with its indexes and history. */
  readonly storedBytes: number;
}

/** Parts of a bill, in dollars a month. */
export type Bill = Readonly<Record<'gateway' | 'functions' | 'table' | 'logs' | 'alarms', number>>;

/** Bill of a stage that sells nothing: sweeps, timed runs, alarms. */
export function idleBill({ reads, writes, bytes, milliseconds }: SweepCost): Bill {
  const runs = MINUTES + TIMED_RUNS;
  return {
    gateway: 0,
    functions: functionsOf(runs, (runs * MEMORY_GB.fulfil * milliseconds) / 1_000),
    table: tableOf(runs * reads, MINUTES * writes),
    logs: (runs * (bytes + LAMBDA_BYTES) * AWS_PRICES.logs.dollars) / GB,
    alarms: ALARMS * AWS_PRICES.alarms.dollars + METRICS * AWS_PRICES.metrics.dollars,
  };
}

/** The same as one sum. */
export function idleDollars(cost: SweepCost): number {
  return total(idleBill(cost));
}

/** Bill of so many orders a month on top of a stage that sells nothing, after a year of them lies in the table. */
export function ordersBill(orders: number, sweep: SweepCost, order: OrderCost): Bill {
  const idle = idleBill(sweep);
  const calls = orders * order.calls;
  const seconds = (calls * MEMORY_GB.produce * order.callMs + orders * MEMORY_GB.fulfil * order.attemptMs) / 1_000;
  return {
    gateway: (calls * AWS_PRICES.gateway.dollars) / MILLION,
    functions: idle.functions + functionsOf(calls + orders, seconds),
    table:
      idle.table +
      tableOf(calls, orders * order.writes) +
      (12 * orders * order.storedBytes * AWS_PRICES.storage.dollars) / GB,
    logs: idle.logs + ((calls + orders) * (order.bytes + LAMBDA_BYTES) * AWS_PRICES.logs.dollars) / GB,
    alarms: idle.alarms,
  };
}

/** Sum of a bill. */
export function total(bill: Bill): number {
  return Object.values(bill).reduce((sum, part) => sum + part, 0);
}

function functionsOf(runs: number, gigabyteSeconds: number): number {
  return (runs * AWS_PRICES.requests.dollars + gigabyteSeconds * AWS_PRICES.compute.dollars) / MILLION;
}

function tableOf(reads: number, writes: number): number {
  return (reads * AWS_PRICES.reads.dollars + writes * AWS_PRICES.writes.dollars) / MILLION;
}
