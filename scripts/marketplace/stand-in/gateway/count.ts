/** Quantities by the path of their member. */
export type Quantities = Readonly<Record<string, number>>;

/**
 * Quantities that a gateway reads in an answer. No page says how several events of a stream are read, so both readings are
 * kept: the last one wins, or all are added up.
 */
export interface Count {
  readonly last: Quantities;
  readonly sum: Quantities;
  /** Events that hold a quantity. */
  readonly billing: number;
  /** Events with content behind the first one that holds a quantity. */
  readonly after: number;
  readonly events: number;
  readonly isDone: boolean;
  /** Members of the last event that holds a quantity, or of a synchronous answer. */
  readonly members: unknown;
}

/** Members of a text model, under both of their names. */
export const TOKEN_PATHS: readonly string[] = [
  'usage.prompt_tokens',
  'usage.input_tokens',
  'usage.completion_tokens',
  'usage.output_tokens',
];

/** Counts a stream of server-sent events as it passes; of the stream one line at most is kept. */
export class StreamCounter {
  readonly #paths: readonly string[];
  readonly #decoder = new TextDecoder();
  #line = '';
  #data: string[] = [];
  #count: Count = { last: {}, sum: {}, billing: 0, after: 0, events: 0, isDone: false, members: undefined };

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  add(chunk: Uint8Array): void {
    const lines = (this.#line + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line.replace(/\r$/, ''));
  }

  get count(): Count {
    return this.#count;
  }

  #take(line: string): void {
    if (line.startsWith('data:')) this.#data.push(line.slice(5).trim());
    if (line !== '' || this.#data.length === 0) return;
    const data = this.#data.join('\n');
    this.#data = [];
    if (data === '[DONE]') {
      this.#count = { ...this.#count, isDone: true };
      return;
    }
    const { last, sum, billing, after, events } = this.#count;
    const members = parsed(data);
    const found = quantitiesOf(members, this.#paths);
    const next = { ...this.#count, events: events + 1 };
    if (Object.keys(found).length === 0) {
      this.#count = { ...next, after: billing > 0 ? after + 1 : after };
      return;
    }
    const added = Object.entries(found).map(([path, quantity]) => [path, (sum[path] ?? 0) + quantity] as const);
    this.#count = {
      ...next,
      last: { ...last, ...found },
      sum: { ...sum, ...Object.fromEntries(added) },
      billing: billing + 1,
      members,
    };
  }
}

/** Counts a synchronous answer. */
export function countAnswer(body: Buffer, paths: readonly string[]): Count {
  const members = parsed(body.toString('utf8'));
  const found = quantitiesOf(members, paths);
  const billing = Object.keys(found).length > 0 ? 1 : 0;
  return { last: found, sum: found, billing, after: 0, events: 1, isDone: true, members };
}

/** Whole numbers that stand under the paths. */
function quantitiesOf(members: unknown, paths: readonly string[]): Quantities {
  const found = paths.map((path) => [path, valueAt(members, path)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, number] => Number.isInteger(entry[1])));
}

/** Value under a dotted path. */
export function valueAt(members: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      members,
    );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
