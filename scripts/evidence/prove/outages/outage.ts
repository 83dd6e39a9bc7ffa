import { type CreationRetries, type Schedule, scheduleOf } from '../../../cli/life/retries.ts';

/** Ways in which what a purchase needs can fail. */
const KINDS = [
  /** The seller's system fails at once. */
  'refuses',
  /** It takes longer than it may. */
  'hangs',
  /** It makes the tenant, and its answer is lost. */
  'loses answers',
  /** The process dies with the call. */
  'kills',
  /** The marketplace's own order query fails. */
  'hides orders',
  /** No worker runs. */
  'stops workers',
] as const;

/** A stretch of time in which something fails; Unix milliseconds relative to the purchase. */
export interface Outage {
  readonly kind: (typeof KINDS)[number];
  readonly from: number;
  readonly until: number;
}

/** One purchase, what fails meanwhile, and how the marketplace repeats its call. */
export interface Story {
  readonly outages: readonly Outage[];
  readonly schedule: Schedule;
  /** Tells whether "accepted, not ready" (000004) ends the marketplace's repeats. No document says. */
  readonly isPatient: boolean;
  /** Milliseconds from the purchase to the first sweep. */
  readonly phase: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Time that a purchase is promised: an outage that ends so long before the marketplace gives up costs no order. */
export const PROMISED_MS = 5 * MINUTE_MS;

/** Makes a story of chance. @param random at least 0, below 1 */
export function anyStory(random: () => number): Story {
  const retries: CreationRetries = random() < 0.5 ? 'hourly' : 'two-minutes';
  const schedule = scheduleOf('saas-v2', 'newInstance', retries);
  const kind = () => KINDS[Math.floor(random() * KINDS.length)] ?? 'refuses';
  const any = (): Outage => {
    const from = (random() * 2 - 1) * schedule.during;
    // Short ones as often as long ones.
    const lasts = MINUTE_MS * ((2 * schedule.during) / MINUTE_MS) ** random();
    return { kind: kind(), from: Math.round(from), until: Math.round(from + lasts) };
  };
  /** One that lasts from the first call nearly to the last moment promised. */
  const worst = (): Outage => {
    const until = schedule.during - PROMISED_MS - random() * HOUR_MS * random();
    return { kind: kind(), from: Math.round(-random() * HOUR_MS), until: Math.round(until) };
  };
  const outages = [random() < 0.5 ? worst() : any(), ...Array.from({ length: Math.floor(random() * 3) }, any)];
  return { outages, schedule, isPatient: random() < 0.5, phase: Math.round(random() * MINUTE_MS) };
}

/** True if nothing fails any more in the promised time before the marketplace gives up. */
export function endsInTime({ outages, schedule }: Story): boolean {
  return outages.every(({ until, from }) => until <= schedule.during - PROMISED_MS || from > schedule.during);
}

/** A source of chance that a seed repeats: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
