/** Time as the marketplace lives it: virtual milliseconds from the start, of which `speed` pass in a real one. */
export interface LifeClock {
  readonly speed: number;
  /** Virtual milliseconds since the start. */
  now(): number;
  /** Waits until a virtual moment, if it has not passed. */
  until(moment: number): Promise<void>;
  /** Waits in real time, while hardly any virtual time passes: servers do not work faster because days fly. */
  rest(milliseconds: number): Promise<void>;
  /** The real moment at which a virtual moment comes. */
  realMoment(moment: number): number;
}

export function lifeClock(
  speed: number,
  realNow: () => number,
  sleep: (milliseconds: number) => Promise<unknown>,
): LifeClock {
  let now = 0;
  return {
    speed,
    now: () => now,
    until: async (moment) => {
      if (moment <= now) return;
      const wait = (moment - now) / speed;
      now = moment;
      if (wait >= 1) await sleep(wait);
    },
    rest: async (milliseconds) => {
      await sleep(milliseconds);
    },
    realMoment: (moment) => Math.round(realNow() + (moment - now) / speed),
  };
}
