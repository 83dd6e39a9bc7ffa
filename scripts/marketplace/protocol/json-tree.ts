/*
 * JSON as it was written: members in their order, repeated names kept, numbers as their source text. That is what
 * tells one serialiser's output from another's, and what the canonical form must not lose.
 */

export type Tree =
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Tree])[] }
  | { readonly kind: 'array'; readonly items: readonly Tree[] }
  | { readonly kind: 'string'; readonly value: string }
  /** A number, `true`, `false` or `null` in its own spelling. */
  | { readonly kind: 'literal'; readonly text: string };

const TOKEN =
  /[\t\n\r ]*(?:([{}[\]:,])|("(?:[^"\\]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy;

const DEEPEST = 64;

/** The tree of a JSON text; undefined if it is not JSON, or nested deeper than anything the marketplace sends. */
export function readTree(text: string): Tree | undefined {
  const tokens = tokenise(text);
  if (tokens === undefined) return undefined;
  let next = 0;

  const value = (depth: number): Tree | undefined => {
    const token = tokens[next++];
    if (token === undefined || depth > DEEPEST) return undefined;
    if (token === '{') return object(depth);
    if (token === '[') return array(depth);
    if (token.startsWith('"')) return { kind: 'string', value: JSON.parse(token) };
    return '}]:,'.includes(token) ? undefined : { kind: 'literal', text: token };
  };

  const object = (depth: number): Tree | undefined => {
    const members: [string, Tree][] = [];
    if (tokens[next] === '}') {
      next += 1;
      return { kind: 'object', members };
    }
    for (;;) {
      const name = tokens[next++];
      if (!name?.startsWith('"') || tokens[next++] !== ':') return undefined;
      const member = value(depth + 1);
      if (member === undefined) return undefined;
      members.push([JSON.parse(name), member]);
      const end = tokens[next++];
      if (end === '}') return { kind: 'object', members };
      if (end !== ',') return undefined;
    }
  };

  const array = (depth: number): Tree | undefined => {
    const items: Tree[] = [];
    if (tokens[next] === ']') {
      next += 1;
      return { kind: 'array', items };
    }
    for (;;) {
      const item = value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      const end = tokens[next++];
      if (end === ']') return { kind: 'array', items };
      if (end !== ',') return undefined;
    }
  };

  const tree = value(0);
  return next === tokens.length ? tree : undefined;
}

function tokenise(text: string): string[] | undefined {
  const tokens: string[] = [];
  const end = text.replace(/[\t\n\r ]+$/, '').length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (match === null || (match[2] !== undefined && !isString(match[2]))) return undefined;
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

/** Escapes and control characters are left to the engine's own parser. */
function isString(quoted: string): boolean {
  try {
    return typeof JSON.parse(quoted) === 'string';
  } catch {
    return false;
  }
}
