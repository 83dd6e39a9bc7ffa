import { type Outcome, type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

/** A function and its sandboxes: as many as it is called at a time, up to a bound. */
export interface LambdaFunction {
  /** Invokes the function; waits for a sandbox where Lambda would start one more. */
  invoke(event: unknown): Promise<Outcome>;
  readonly counts: { readonly invocations: number; readonly coldStarts: number; readonly freezes: number };
  /** Sentences on what went wrong: errors, time-outs, ends. */
  readonly faults: readonly string[];
  /** Ends the sandboxes of before, those under way after their call: the next call starts one. */
  recycle(): Promise<void>;
  stop(): Promise<void>;
}

/** Options of a function. */
export interface FunctionOptions extends SandboxOptions {
  /** Sandboxes at a time: each is a process of this machine. */
  readonly most: number;
}

/** Makes a function; its first sandbox starts with the first call. */
export function createFunction(options: FunctionOptions): LambdaFunction {
  const { definition, most } = options;
  const counts = { invocations: 0, coldStarts: 0, freezes: 0 };
  const faults: string[] = [];
  const all = new Set<Sandbox>();
  const idle: Sandbox[] = [];
  const worn = new WeakSet<Sandbox>();
  const waiting: (() => void)[] = [];
  let places = most;

  const take = async (): Promise<Sandbox> => {
    while (idle.length === 0 && places === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const warm = idle.pop();
    if (warm !== undefined) return warm;
    places -= 1;
    counts.coldStarts += 1;
    try {
      const fresh = await startSandbox(options);
      all.add(fresh);
      return fresh;
    } catch (error) {
      giveUpPlace();
      throw error;
    }
  };
  const giveUpPlace = () => {
    places += 1;
    waiting.shift()?.();
  };
  const retire = async (sandbox: Sandbox) => {
    all.delete(sandbox);
    await sandbox.stop();
    giveUpPlace();
  };
  const giveBack = async (sandbox: Sandbox, isFrozen: boolean) => {
    if (!isFrozen || worn.has(sandbox)) return retire(sandbox);
    counts.freezes += 1;
    idle.push(sandbox);
    waiting.shift()?.();
  };

  return {
    counts,
    faults,
    invoke: async (event) => {
      counts.invocations += 1;
      const sandbox = await take();
      const { outcome, frozen } = sandbox.invoke(event);
      void frozen.then((isFrozen) => giveBack(sandbox, isFrozen));
      const settled = await outcome;
      if (settled.kind !== 'answer') faults.push(`${definition.name}: ${settled.kind}: ${settled.detail}`);
      return settled;
    },
    recycle: async () => {
      for (const sandbox of all) worn.add(sandbox);
      await Promise.all(idle.splice(0).map(retire));
    },
    stop: async () => {
      await Promise.all([...all].map((sandbox) => sandbox.stop()));
    },
  };
}

/** Gives what the function answered, for callers that take errors as exceptions. @throws Error */
export async function answerOf(outcome: Promise<Outcome>): Promise<unknown> {
  const settled = await outcome;
  if (settled.kind === 'answer') return settled.value;
  throw new Error(`${settled.kind}: ${settled.detail}`);
}
