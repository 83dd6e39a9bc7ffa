/** A month as a seller has it: what happens in which minute, made from a seed. Nothing here knows how KooGate counts. */

/** Outcome of a purchase: `failed-mended` is queued again by hand later, `failed-released` the marketplace takes back. */
export type Fate = 'good' | 'refused' | 'failed-mended' | 'failed-released' | 'outage';

/** Something that happens. Minutes count from the beginning of the month. */
export type Event =
  | { readonly minute: number; readonly kind: 'dial-test'; readonly isWrong: boolean }
  | { readonly minute: number; readonly kind: 'purchase'; readonly fate: Fate; readonly until: number };

const HOUR = 60;
const DAY = 24 * HOUR;
/** Days of the month on which the first dial test bears a wrong key. */
const WRONG_DAYS = [5, 12, 13, 22];
/** Days on which the backend is down, four hours after the beginning. */
const OUTAGE_DAYS = [8, 20];
const OUTAGE_AT = 4 * HOUR;
/** Minutes of an outage. */
const OUTAGE = 25;

/** Plans a month of days that begin at nine in the morning in Beijing. */
export function planMonth(seed: number, days: number): readonly Event[] {
  const random = randomOf(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const events: Event[] = [];
  for (let day = 0; day < days; day += 1) {
    const isWrong = WRONG_DAYS.includes(day);
    events.push({ minute: day * DAY + HOUR, kind: 'dial-test', isWrong });
    if (isWrong) events.push({ minute: day * DAY + 2 * HOUR, kind: 'dial-test', isWrong: false });
    events.push({ minute: day * DAY + 13 * HOUR, kind: 'dial-test', isWrong: false });
    if (OUTAGE_DAYS.includes(day)) {
      const minute = day * DAY + OUTAGE_AT;
      events.push({ minute, kind: 'purchase', fate: 'outage', until: minute + OUTAGE });
    }
    for (let count = 1 + upTo(3); count > 0; count -= 1) {
      const minute = day * DAY + (6 + upTo(16)) * HOUR + upTo(HOUR);
      const fate = fateOf(random());
      events.push({ minute, kind: 'purchase', fate, until: minute + 30 + upTo(4 * HOUR) });
    }
  }
  return events.toSorted((a, b) => a.minute - b.minute);
}

function fateOf(chance: number): Fate {
  if (chance < 0.12) return 'refused';
  if (chance < 0.2) return 'failed-mended';
  return chance < 0.26 ? 'failed-released' : 'good';
}

/** A generator of numbers from 0 to 1 whose seed makes the row. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
