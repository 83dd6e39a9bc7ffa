/** Cost of a piece of work, per call. */
export interface Cost {
  /** Microseconds of CPU, user and system, of this process alone. */
  readonly cpu: number;
  /** Microseconds that passed. */
  readonly wall: number;
}

/** One side of a comparison. */
export interface Contender {
  readonly name: string;
  /** Makes the inputs of a round, outside the measurement: `count` calls, each to be made once. */
  prepare(count: number): readonly (() => unknown)[];
  /** Calls a round, if they fit into the time for one. */
  readonly calls: number;
}

/** The costs of each contender, round by round. */
export type Rounds = Readonly<Record<string, readonly Cost[]>>;

/** Milliseconds that a contender's round should take at most, and the calls it has at least. */
const LONGEST_ROUND_MS = 800;
const FEWEST_CALLS = 10;

/**
 * Measures contenders in turn, round after round, in reversed order every other round, so that a machine that slows
 * down, heats up or is busy with other work does so for all of them. On a machine that is busy rounds have fewer calls,
 * not more time: as many as fit, going by the warm-up.
 */
export async function interleaved(
  contenders: readonly Contender[],
  { rounds, warmUp = 1 }: { readonly rounds: number; readonly warmUp?: number },
): Promise<Rounds> {
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  const fitting = new Map(contenders.map(({ name, calls }) => [name, calls]));
  for (let round = -warmUp; round < rounds; round += 1) {
    const inTurn = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of inTurn) {
      const { name } = contender;
      const calls = fitting.get(name) ?? contender.calls;
      const cost = await measure({ ...contender, calls });
      if (round >= 0) costs.get(name)?.push(cost);
      else
        fitting.set(name, Math.min(calls, Math.max(FEWEST_CALLS, Math.floor((LONGEST_ROUND_MS * 1_000) / cost.wall))));
    }
  }
  return Object.fromEntries(costs);
}

async function measure({ prepare, calls }: Contender): Promise<Cost> {
  const work = prepare(calls);
  globalThis.gc?.();
  const began = performance.now();
  const before = process.cpuUsage();
  for (const call of work) await call();
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - began) * 1_000;
  return { cpu: (user + system) / work.length, wall: wall / work.length };
}
