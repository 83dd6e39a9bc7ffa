import { createObservations } from '../../lib/alarms/observations.ts';
import type { OpenTable } from '../../lib/table/table.ts';
import type { SweepAlarms } from '../alarms.ts';
import { createFulfil } from '../create-fulfil.ts';
import type { KooGate } from '../create-koogate.ts';
import { createLogin } from '../create-login.ts';
import { createMeter } from '../create-meter.ts';
import { createProduce } from '../create-produce.ts';
import { createReconcile } from '../create-reconcile.ts';
import { fulfilDependencies } from '../fulfil.ts';
import { produceDependencies } from '../produce.ts';
import { reconcileDependencies } from '../reconcile.ts';
import type { Runtime } from '../runtime.ts';
import { usageDependencies } from '../usage-dependencies.ts';
import { jobsOf, nextTime, runJob } from './jobs.ts';
import { jittered, type Loop, startLoop } from './loop.ts';
import { mayChange, type ServerState } from './state.ts';
import { guardedTable, wakingTable } from './tables.ts';
import { createWaker } from './waker.ts';

/** Milliseconds between two sweeps. */
const SWEEP_MS = 60_000;
/** Milliseconds of a run of fulfilment: a process that lives long has no such limit, and draining leaves no time. */
const RUN_MS = 300_000;
/** Milliseconds by which the timed jobs of several servers spread. */
const JOB_SPREAD_MS = 5_000;
/** Milliseconds between two writes of what calls were counted. */
const OBSERVATIONS_MS = 60_000;

/** Parts that the functions of a server are composed of. */
export interface ComposeOptions {
  readonly runtime: Runtime;
  readonly table: OpenTable;
  readonly state: ServerState;
  /** Aborted when no more changes are to be begun. */
  readonly draining: AbortSignal;
  /** Aborted when hooks under way are to be ended. */
  readonly stopping: AbortSignal;
  /** Name of this server, which nobody else has. */
  readonly owner: string;
  readonly sweepMs?: number | undefined;
  readonly alarms?: SweepAlarms | undefined;
}

/** All functions on one runtime, with the wake-ups and timers that a cloud would bring. */
export interface Composed extends Pick<KooGate, 'produce' | 'login' | 'meter'> {
  /** Waits until what was begun has ended; `draining` has to be aborted before. */
  end(): Promise<void>;
}

/** Composes the functions, and starts what wakes them. */
export function compose(options: ComposeOptions): Composed {
  const { runtime, table, state, draining, stopping } = options;
  const { log, clock, random } = runtime;
  const fulfil = createFulfil({ ...fulfilDependencies(runtime), stopping }, undefined, options.alarms);
  const context = { getRemainingTimeInMillis: () => (draining.aborted || !mayChange(state) ? 0 : RUN_MS) };
  const attempt = async (what: string, run: () => Promise<unknown>) => {
    if (!mayChange(state)) return; // holds would be measured by a clock that is not the others'
    await run().catch((error) => log.error(what, error));
  };
  const waker = createWaker((key) => attempt('Fulfilment failed.', () => fulfil({ keys: [key] }, context)));
  const guarded = guardedTable(table, () => mayChange(state));
  const observations = createObservations(runtime.gate.over(guarded), clock);
  const produce = createProduce({
    ...produceDependencies({ ...runtime, table: wakingTable(guarded, waker.wake) }),
    observations: { count: observations.count, begin: () => {}, settle: async () => {} }, // the timer writes
  });
  const meter = createMeter(usageDependencies(runtime));
  const reconcile = createReconcile(reconcileDependencies(runtime));
  const tools = { table, clock, log, owner: options.owner, draining, isOpen: runtime.gate.isOpen };
  const loops: Loop[] = [
    startLoop(
      () => jittered(options.sweepMs ?? SWEEP_MS, random),
      () => attempt('The sweep failed.', () => fulfil({ source: 'timer' }, context)),
    ),
    startLoop(() => jittered(OBSERVATIONS_MS, random), observations.flush),
    ...jobsOf({ meter, reconcile }, table, log).map((job) =>
      startLoop(
        () => nextTime(job.at, clock()) - clock() + Math.round(random() * JOB_SPREAD_MS),
        () => attempt('A timed job failed.', () => runJob(tools, job)),
      ),
    ),
  ];
  return {
    produce,
    login: createLogin(runtime),
    meter,
    end: async () => {
      await Promise.all([waker.stop(), ...loops.map((loop) => loop.stop())]);
      await observations.flush();
    },
  };
}
