/** Billed quantities by the dotted path of their member, for instance `{ 'usage.prompt_tokens': 12 }`; whole numbers. */
export type Billed = Readonly<Record<string, number>>;

/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** Members that the Agents gateway bills a text model by, unless others were declared. */
export const TOKENS: readonly string[] = ['usage.prompt_tokens', 'usage.completion_tokens'];

/** Checks paths that are billed. @throws Error naming one that is not a dotted path of names */
export function checkPaths(paths: readonly string[]): readonly string[] {
  for (const path of paths) {
    if (!/^[^.[\]\s]+(\.[^.[\]\s]+)*$/.test(path) || /(^|\.)__proto__(\.|$)/.test(path)) {
      throw new Error(`"${path}" is not a path of members: expected names with dots between them, without lists.`);
    }
  }
  return paths;
}

/** Quantities that stand in an answer or an event under some paths. */
export function billedIn(value: Members, paths: readonly string[]): Billed {
  const found = paths.map((path) => [path, at(value, path.split('.'))] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, number] => isQuantity(entry[1])));
}

/**
 * An answer with the billed members. What is declared and not given is 0; `usage.total_tokens` is the sum of both
 * directions.
 * @throws Error for a quantity that is not a whole number from 0, or of which nothing was declared
 */
export function withBilled(value: Members, billed: Billed, paths: readonly string[]): Members {
  for (const [path, quantity] of Object.entries(billed)) {
    if (!paths.includes(path)) throw new Error(`"${path}" is not among the billed members: ${paths.join(', ')}.`);
    if (!isQuantity(quantity)) throw new Error(`${path} must be a whole number from 0, not ${quantity}.`);
  }
  const whole = paths.reduce((members, path) => put(members, path.split('.'), billed[path] ?? 0), value);
  return paths.some(isOfUsage) ? withTotal(whole) : whole;
}

/** The same without what is billed: of `usage` nothing stays, of other members all that has another name. */
export function withoutBilled(value: Members, paths: readonly string[]): Members {
  return paths.reduce((members, path) => {
    const names = path.split('.');
    return drop(members, isOfUsage(path) ? ['usage'] : names);
  }, value);
}

/** Reports a path below `usage`. */
export function isOfUsage(path: string): boolean {
  return path.startsWith('usage.');
}

function withTotal(value: Members): Members {
  const { usage } = value;
  if (!isObject(usage)) return value;
  const sent = usage.prompt_tokens ?? usage.input_tokens;
  const received = usage.completion_tokens ?? usage.output_tokens;
  if (!isQuantity(sent) && !isQuantity(received)) return value;
  const total = (isQuantity(sent) ? sent : 0) + (isQuantity(received) ? received : 0);
  return { ...value, usage: { ...usage, total_tokens: total } };
}

function isQuantity(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Reports a JSON object, no list. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  return isObject(value) && Object.hasOwn(value, name) ? at(value[name], rest) : undefined;
}

function put(value: unknown, [name, ...rest]: readonly string[], quantity: number): Members {
  const members = isObject(value) ? value : {};
  if (name === undefined) return members;
  return { ...members, [name]: rest.length === 0 ? quantity : put(members[name], rest, quantity) };
}

function drop(value: Members, [name, ...rest]: readonly string[]): Members {
  if (name === undefined || !Object.hasOwn(value, name)) return value;
  const { [name]: member, ...others } = value;
  if (rest.length === 0) return others;
  return isObject(member) ? { ...others, [name]: drop(member, rest) } : value;
}
