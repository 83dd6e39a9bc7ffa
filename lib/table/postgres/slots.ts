/** Lets so many requests go at once and no more; the others wait in the order in which they came. */
export class Slots {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Waits for a slot. @throws the signal's reason, or Error when the time is over */
  take(signal: AbortSignal | undefined, timeoutMs: number): Promise<void> {
    signal?.throwIfAborted();
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const enter = () => end(resolve);
      const leave = (reason: unknown) => {
        this.queue.splice(this.queue.indexOf(enter), 1);
        end(() => reject(reason));
      };
      const abort = () => leave(signal?.reason);
      const timer = setTimeout(() => leave(new Error(`all connections were busy for ${timeoutMs} ms`)), timeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      this.queue.push(enter);
    });
  }

  /** Gives a slot back: to the next that waits. */
  give(): void {
    const next = this.queue.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
