import type { Disaster, Within } from './disasters.ts';
import { createWorld, type Faults, type World } from './world.ts';

/** Minutes of ordinary traffic before a disaster. */
const BEFORE = 15;
/** Minutes between two purchases. */
const PURCHASE_EVERY = 5;
/** Minutes after which fewer buy, so that long plays end. */
const QUIET_AFTER = 120;
const QUIET_EVERY = 30;
/** Minutes between two dial tests. */
const DIAL_TEST_EVERY = 12 * 60;

/** Result of one play: what rang when, in minutes after the break and after the repair. */
export interface Played {
  readonly rang: ReadonlyMap<string, number>;
  /** Minutes after the repair until nothing rang any more; undefined if something still did at the end. */
  readonly closedAfter: number | undefined;
}

/**
 * Plays a disaster with ordinary traffic before, during and after it.
 * @param hears whose ringing is looked at: the rules', or what watches from outside while nobody hears the rules
 */
export async function play(disaster: Disaster, hears: 'inside' | 'outside'): Promise<Played> {
  const world = createWorld({ hasReceivers: hears === 'inside' });
  const instances: string[] = [];
  const heard = () => (hears === 'inside' ? world.inside() : world.outside());
  for (let minute = 0; minute < BEFORE; minute += 1) await ordinaryMinute(world, instances);
  const early = heard();
  if (early.length > 0) throw new Error(`${early.join(', ')} rings before anything has happened.`);

  await disaster.breaks(world.faults, world, instances);
  const rang = new Map<string, number>();
  const longest = longestOf(disaster);
  for (let minute = 1; minute <= longest; minute += 1) {
    await ordinaryMinute(world, instances);
    for (const name of heard()) if (!rang.has(name)) rang.set(name, minute);
  }
  for (const name of Object.keys(world.faults)) delete world.faults[name as keyof Faults];
  await disaster.mends?.(world);
  let closedAfter: number | undefined = heard().length === 0 ? 0 : undefined;
  for (let minute = 1; minute <= disaster.closes && closedAfter === undefined; minute += 1) {
    await ordinaryMinute(world, instances);
    for (const name of heard()) if (!rang.has(name)) rang.set(name, longest + minute);
    if (heard().length === 0) closedAfter = minute;
  }
  return { rang, closedAfter };
}

/** Lets ordinary traffic go on for as long as the longest disaster, with no cause for any alarm. @returns what rang */
export async function playNothing(disasters: readonly Disaster[]): Promise<ReadonlySet<string>> {
  const world = createWorld({ hasReceivers: true });
  const instances: string[] = [];
  const rang = new Set<string>();
  const minutes = BEFORE + Math.max(...disasters.map(longestOf));
  for (let minute = 0; minute < minutes; minute += 1) {
    await ordinaryMinute(world, instances);
    for (const name of [...world.inside(), ...world.outside()]) rang.add(name);
  }
  return rang;
}

function longestOf({ inside, outside }: Disaster): number {
  return Math.max(...[...Object.values(inside), ...Object.values(outside)].map(Number)) + 1;
}

async function ordinaryMinute(world: World, instances: string[]): Promise<void> {
  const minute = world.minute();
  if (minute % DIAL_TEST_EVERY === 0) await world.dialTest();
  const isQuiet = minute > QUIET_AFTER && minute % QUIET_EVERY !== 0;
  if (minute % PURCHASE_EVERY === 0 && !isQuiet && !world.faults.marketplaceSilent) {
    instances.push((await world.buy()).instanceId);
  }
  const [first] = instances;
  if (minute % 60 === 30 && first !== undefined) await world.report(first).catch(() => undefined);
  await world.step();
}

/** Says what of a play was not as it has to be; empty if everything was. */
export function faultsOf({ rang, closedAfter }: Played, wanted: Within<string>): readonly string[] {
  const missing = Object.entries(wanted).flatMap(([name, within]) => {
    const at = rang.get(name);
    if (at === undefined) return [`${name} did not ring`];
    return at > Number(within) ? [`${name} rang after ${at} minutes, not ${within}`] : [];
  });
  const others = [...rang.keys()].filter((name) => !Object.hasOwn(wanted, name)).map((name) => `${name} rang too`);
  return [...missing, ...others, ...(closedAfter === undefined ? ['something did not close'] : [])];
}
