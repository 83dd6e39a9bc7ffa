import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/*
 * Open APIs that the seller console asks a seller to have called before a product is published, and which of them have
 * been called from here: a file in the data folder remembers it, so that a certification can tick them off.
 */

/** Open APIs, as the console's debugging cases name them. */
export const OPEN_API_CASES = [
  'order',
  'usage',
  'license-activate',
  'license-query',
  'license-usage',
  'upload',
] as const;

export type OpenApiCase = (typeof OPEN_API_CASES)[number];

const doneSchema = v.object({
  case: v.picklist(OPEN_API_CASES),
  /** Id of the product that it was called for; absent: for none in particular. */
  product: v.exactOptional(v.string()),
  /** Address that answered. */
  place: v.string(),
  /** Unix milliseconds. */
  at: v.number(),
});

/** A call that succeeded. */
export type DoneCase = v.InferOutput<typeof doneSchema>;

/** Calls that are remembered; of each case and product the last. */
const MAX_REMEMBERED = 200;

const fileOf = (data: string): string => join(data, 'open-apis.json');

/** Calls that succeeded so far; none if nothing readable lies there. */
export function readDone(data: string): readonly DoneCase[] {
  try {
    return v.parse(v.array(doneSchema), JSON.parse(readFileSync(fileOf(data), 'utf8')));
  } catch {
    return [];
  }
}

/** Remembers a call that succeeded. */
export function noteDone(data: string, done: DoneCase): void {
  const others = readDone(data).filter(
    ({ case: name, product, place }) => name !== done.case || product !== done.product || place !== done.place,
  );
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(data), `${JSON.stringify([...others, done].slice(-MAX_REMEMBERED), null, 2)}\n`, {
    mode: 0o600,
  });
}

/** State of a case: called at the marketplace itself, rehearsed on this machine, or still to be called. */
export interface CaseState {
  readonly case: OpenApiCase;
  readonly state: 'done' | 'rehearsed' | 'open';
  readonly place?: string;
  readonly at?: number;
}

const LOOPBACK = /^https?:\/\/(localhost|127\.|\[::1\])/;

/** States of cases for a product; the marketplace's own answer counts before a stand-in's, the newest before others. */
export function statesOf(
  cases: readonly OpenApiCase[],
  done: readonly DoneCase[],
  product: string | undefined,
): readonly CaseState[] {
  return cases.map((name) => {
    const mine = done
      .filter((one) => one.case === name)
      .filter((one) => product === undefined || one.product === undefined || one.product === product)
      .toSorted((a, b) => Number(LOOPBACK.test(a.place)) - Number(LOOPBACK.test(b.place)) || b.at - a.at);
    const [best] = mine;
    if (best === undefined) return { case: name, state: 'open' };
    const { place, at } = best;
    return { case: name, state: LOOPBACK.test(place) ? 'rehearsed' : 'done', place, at };
  });
}
