import type { RuleId } from '../../../../lib/alarms/rules.ts';
import type { Faults, World } from './world.ts';

/** Something that must ring, and within how many minutes. */
export type Within<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** A disaster: what breaks, who has to ring, and when it is over. */
export interface Disaster {
  /** Breaks something; `instances` are those that were bought before. */
  breaks(faults: Faults, world: World, instances: readonly string[]): Promise<void> | void;
  /** Mends it, where taking back the faults is not enough. */
  mends?(world: World): Promise<void>;
  /** Rules that must open, each within so many minutes. */
  readonly inside: Within<RuleId>;
  /** Alarms outside that must ring, with nobody hearing those inside. */
  readonly outside: Within<string>;
  /** Minutes after the repair until everything has closed. */
  readonly closes: number;
}

const down = async () => {
  throw new Error('The backend gave no answer.');
};

function failing(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** The disasters, by name. */
export const DISASTERS = {
  'keys gone': {
    breaks: (faults) => {
      faults.keysGone = true;
    },
    inside: { 'keys-unavailable': 6 },
    outside: { KeysUnavailable: 6 },
    closes: 20,
  },
  'wrong key': {
    breaks: (faults) => {
      faults.wrongKey = true;
    },
    inside: { 'wrong-key': 16 },
    outside: {},
    closes: 430, // six hours, and what is left of the hour it was counted in
  },
  'member renamed by the marketplace': {
    breaks: (faults) => {
      faults.memberRenamed = true;
    },
    inside: { 'call-refused': 6 },
    outside: {},
    closes: 155,
  },
  'backend down': {
    breaks: (faults) => {
      faults.hook = down;
    },
    inside: { 'purchase-failing': 16 },
    outside: {},
    closes: 4,
  },
  'backend slow': {
    breaks: (faults) => {
      faults.hook = () => new Promise(() => {}); // later than any hook may answer, however busy this machine is
    },
    inside: { 'purchase-failing': 16 },
    outside: {},
    closes: 4,
  },
  'table slow': {
    breaks: (faults) => {
      faults.slowMs = 3_500;
    },
    inside: { 'slow-answers': 16 },
    outside: { GatewayLatency: 15 },
    closes: 20,
  },
  'table throttled': {
    breaks: (faults) => {
      faults.table = () => {
        throw failing('ThrottlingException', 'Rate exceeded');
      };
    },
    inside: { 'table-unreachable': 2 },
    outside: { TableThrottles: 2, SweepSilent: 11, Heartbeat: 6 },
    closes: 12,
  },
  'stream dead': {
    breaks: (faults) => {
      faults.streamDead = true;
    },
    inside: { 'not-woken': 11 },
    outside: {},
    closes: 35,
  },
  'sweep dead': {
    breaks: (faults) => {
      faults.sweepDead = true;
    },
    inside: {},
    outside: { SweepSilent: 11, Heartbeat: 6 },
    closes: 12,
  },
  'order API down': {
    breaks: (faults) => {
      faults.ordersDown = true;
    },
    inside: { 'purchase-failing': 16 },
    outside: {},
    closes: 4,
  },
  'usage refused': {
    breaks: (faults) => {
      faults.usageRefused = true;
    },
    mends: async (world) => world.requeueUsage(),
    inside: { 'usage-refused': 110 }, // the hour's report, and the run that pushes it
    outside: {},
    closes: 65,
  },
  'disk of the engine full': {
    breaks: (faults) => {
      faults.table = (name) => {
        if (/^(Put|Update|Delete)/.test(name)) throw failing('error', 'could not extend file: No space left on device');
      };
    },
    inside: { 'table-unreachable': 2 },
    outside: { Heartbeat: 6 },
    closes: 12,
  },
  'clock off': {
    breaks: (faults) => {
      faults.clockOff = true;
      faults.sweepDead = true; // such a server carries out nothing
    },
    mends: async ({ faults }) => {
      faults.clockOff = false;
    },
    inside: { clock: 1 },
    outside: { SweepSilent: 11, Heartbeat: 6 },
    closes: 12,
  },
  'marketplace silent': {
    breaks: (faults) => {
      faults.marketplaceSilent = true;
    },
    inside: { silent: 14 * 60 },
    outside: {},
    closes: 31,
  },
  'one poison item': {
    breaks: (faults) => {
      let poison: string | undefined;
      faults.hook = async (instanceId) => {
        poison ??= instanceId; // the first that comes
        if (instanceId === poison) await down();
      };
    },
    inside: { 'purchase-failing': 16 },
    outside: {},
    closes: 4,
  },
  'one poison tenant': {
    breaks: async (faults, world, [tenant = '']) => {
      faults.hook = async (instanceId) => {
        if (instanceId === tenant) await down();
      };
      await world.release(tenant);
    },
    inside: { 'change-failing': 31 },
    outside: {},
    closes: 65, // the pause of its back-off
  },
} as const satisfies Readonly<Record<string, Disaster>>;
