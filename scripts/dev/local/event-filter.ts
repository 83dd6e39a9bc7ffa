/*
 * The part of Lambda's event filtering that our stream's filter needs
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html): equality and `exists`. Anything else
 * stops the local run, so that a filter never works here and differently in the cloud.
 */

/** Says whether an event record passes a filter. */
export type Filter = (record: unknown) => boolean;

/**
 * Compiles filter patterns; a record passes if it matches one of them, or if there are none.
 * @throws Error for a rule that is not understood.
 */
export function compileFilter(patterns: readonly unknown[]): Filter {
  if (patterns.length === 0) return () => true;
  const filters = patterns.map((pattern) => compile(pattern, ''));
  return (record) => filters.some((filter) => filter(record));
}

function compile(pattern: unknown, path: string): Filter {
  if (Array.isArray(pattern)) return compileRules(pattern, path);
  if (!isObject(pattern)) throw notUnderstood(path, pattern);
  const members = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) throw notUnderstood(path, pattern);
    return [name, compile(inner, path === '' ? name : `${path}.${name}`)] as const;
  });
  return (value) => members.every(([name, filter]) => filter(isObject(value) ? value[name] : undefined));
}

/** A leaf of the pattern: the value passes if one of the rules holds. */
function compileRules(rules: readonly unknown[], path: string): Filter {
  if (rules.length === 0) throw notUnderstood(path, rules);
  const filters = rules.map((rule): Filter => {
    if (typeof rule === 'string' || typeof rule === 'number' || typeof rule === 'boolean' || rule === null) {
      return (value) => value === rule;
    }
    if (isObject(rule) && Object.keys(rule).join() === 'exists' && typeof rule.exists === 'boolean') {
      return (value) => isLeaf(value) === rule.exists;
    }
    throw notUnderstood(path, rule);
  });
  return (value) => filters.some((filter) => filter(value));
}

/** `exists` looks at leaves alone: an object in that place does not count as existing. */
function isLeaf(value: unknown): boolean {
  return value !== undefined && !isObject(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notUnderstood(path: string, rule: unknown): Error {
  return new Error(
    `The stream's filter in serverless.yml has a rule at "${path}" that the local run does not understand: ` +
      `${JSON.stringify(rule)}. Teach it to scripts/dev/local/event-filter.ts.`,
  );
}
