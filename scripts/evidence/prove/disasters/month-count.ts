import type { Event } from './month-plan.ts';

/*
 * The figures and alarms of a month as they follow from its events alone: written from the marketplace's rules and
 * docs/alarms.md, with days and months by the time zone of Shanghai, and without anything of lib/.
 */

const MINUTE_MS = 60_000;
const HOUR = 60;
/** Minutes in which an alarm has to ring: two looks, and what rounding adds. */
const OPENS_WITHIN = 7;
/** Minutes in which it has to close: of a quiet night every thirtieth is played. */
const CLOSES_WITHIN = 34;

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });

/** An alarm that has to be open from a minute to another, both with some slack behind. */
export interface Episode {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** Counts over a month of events. @param start Unix milliseconds of minute 0 */
export class MonthCount {
  readonly events: readonly Event[];
  readonly start: number;

  constructor(events: readonly Event[], start: number) {
    this.events = events;
    this.start = start;
  }

  /** `2026-03-04`, in Beijing. */
  day(minute: number): string {
    return day.format(this.start + minute * MINUTE_MS);
  }

  /** Orders of the running month that failed up to a minute and were not mended by then. */
  failedOrders(minute: number): number {
    const month = (at: number) => this.day(at).slice(0, 7);
    return this.events.filter((event) => {
      if (event.kind !== 'purchase' || event.minute > minute || month(event.minute) !== month(minute)) return false;
      if (event.fate === 'failed-mended') return minute < event.until;
      return event.fate === 'refused' || event.fate === 'failed-released';
    }).length;
  }

  /** Days in a row with a wrong dial test, up to today or yesterday. */
  failedDays(minute: number): number {
    const wrong = new Set(
      this.events.flatMap((event) =>
        event.kind === 'dial-test' && event.isWrong && event.minute <= minute ? [this.day(event.minute)] : [],
      ),
    );
    const back = (days: number) => this.day(minute - days * 24 * HOUR);
    let inARow = 0;
    for (let days = wrong.has(back(0)) ? 0 : 1; wrong.has(back(days)); days += 1) inARow += 1;
    return inARow;
  }

  /** Every alarm of the month. */
  episodes(last: number): readonly Episode[] {
    const [aside, failing, wrong]: [Episode[], Episode[], Episode[]] = [[], [], []];
    for (const event of this.events) {
      const { minute: from } = event;
      if (event.kind === 'dial-test') {
        if (event.isWrong) wrong.push({ id: 'wrong-key demo', from, to: from + 6 * HOUR });
      } else if (event.fate === 'outage') {
        failing.push({ id: 'purchase-failing demo', from: from + 10, to: event.until });
      } else if (event.fate.startsWith('failed')) aside.push({ id: 'set-aside demo', from, to: event.until });
    }
    return [
      ...[aside, failing, wrong].flatMap(joined),
      ...this.#while('delisting demo orders', last, (minute) => this.failedOrders(minute) >= 3),
      ...this.#while('delisting demo dial tests', last, (minute) => this.failedDays(minute) >= 2),
    ];
  }

  /** Looks at a condition in every fifth minute. */
  #while(id: string, last: number, isSo: (minute: number) => boolean): Episode[] {
    const found: Episode[] = [];
    let from: number | undefined;
    for (let minute = 0; minute <= last; minute += 5) {
      const is = isSo(minute);
      if (is && from === undefined) from = minute - 5;
      if (is || from === undefined) continue;
      found.push({ id, from, to: minute - 5 });
      from = undefined;
    }
    return found;
  }
}

/** Runs together what overlaps: an alarm is about everything of its kind. */
function joined(episodes: readonly Episode[]): readonly Episode[] {
  const all: Episode[] = [];
  for (const next of episodes.toSorted((a, b) => a.from - b.from)) {
    const before = all.at(-1);
    if (before !== undefined && next.from <= before.to) {
      all.splice(-1, 1, { ...before, to: Math.max(before.to, next.to) });
    } else all.push(next);
  }
  return all;
}

/** Compares what rang with what had to. @returns one sentence for each difference */
export function differences(expected: readonly Episode[], rang: readonly Episode[]): readonly string[] {
  const left = [...rang];
  const wrong: string[] = [];
  for (const one of expected) {
    const at = left.findIndex(
      ({ id, from, to }) =>
        id === one.id &&
        from >= one.from &&
        from <= one.from + OPENS_WITHIN &&
        to >= one.to &&
        to <= one.to + CLOSES_WITHIN,
    );
    if (at < 0) wrong.push(`${one.id} had to ring from minute ${one.from} to ${one.to}`);
    else left.splice(at, 1);
  }
  return [...wrong, ...left.map(({ id, from, to }) => `${id} rang from minute ${from} to ${to}`)];
}
