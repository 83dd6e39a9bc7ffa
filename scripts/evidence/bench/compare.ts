import type { RouteEvent } from '../../../lib/middleware/route.ts';
import type { Effort, Row } from './figure.ts';
import { microseconds } from './format.ts';
import { type Contender, type Cost, interleaved, type Rounds } from './rounds.ts';
import { type Goal, median, ratiosOf, spreadOf } from './statistics.ts';

/** A contender that answers events, each made for one call. */
export function answering(
  name: string,
  calls: number,
  answer: (event: RouteEvent) => unknown,
  event: () => RouteEvent,
): Contender {
  return {
    name,
    calls,
    prepare: (count) =>
      Array.from({ length: count }, event).map((one) => {
        return () => answer(one);
      }),
  };
}

/** Measures two contenders side by side. */
export function sideBySide(ours: Contender, theirs: Contender, { rounds }: Effort): Promise<Rounds> {
  return interleaved([ours, theirs], { rounds, warmUp: rounds > 3 ? 3 : 1 });
}

/** A line about the CPU time of two contenders that were measured in the same rounds. */
export function cpuRow(
  figure: string,
  goal: Goal | undefined,
  rounds: Rounds,
  [ours, theirs]: readonly [string, string],
  options: { readonly per?: number; readonly note?: string } = {},
): Row {
  const { per = 1, note } = options;
  const [mine, other] = [rounds[ours] ?? [], rounds[theirs] ?? []];
  const ratio = (of: (cost: Cost) => number) =>
    spreadOf(ratiosOf(mine.map(of), other.map(of)).map((value) => value / per));
  const cpu = ratio((cost) => cost.cpu);
  const wall = ratio((cost) => cost.wall);
  const text = (costs: readonly Cost[], share = 1) =>
    `${microseconds(median(costs.map((cost) => cost.cpu)) / share)} CPU, ` +
    `${microseconds(median(costs.map((cost) => cost.wall)) / share)} wall`;
  const wallNote = `ratio of wall time ${wall.median.toFixed(2)}`;
  return {
    figure,
    value: cpu.median,
    spread: [cpu.low, cpu.high],
    ...(goal === undefined ? {} : { goal }),
    ours: text(mine, per),
    theirs: text(other),
    note: note === undefined ? wallNote : `${note}; ${wallNote}`,
  };
}
