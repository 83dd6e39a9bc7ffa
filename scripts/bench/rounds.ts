/** What a piece of work cost, per call. */
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
  /** Calls a round; fewer for what is dear. */
  readonly calls: number;
}

/** The costs of each contender, round by round. */
export type Rounds = Readonly<Record<string, readonly Cost[]>>;

/**
 * Measures contenders in turn, round after round, in reversed order every other round, so that a machine that slows
 * down, heats up or is busy with other work does so for all of them.
 */
export async function interleaved(
  contenders: readonly Contender[],
  { rounds, warmUp = 1 }: { readonly rounds: number; readonly warmUp?: number },
): Promise<Rounds> {
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    const inTurn = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of inTurn) {
      const cost = await measure(contender);
      if (round >= 0) costs.get(contender.name)?.push(cost);
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
