/**
 * A parser of the few forms that every engine with DynamoDB's interface understands, and of nothing else: comparisons,
 * AND / OR / NOT, four functions; SET of a value, `list_append(path, :value)`, `if_not_exists(path, :value)` and
 * `path + :value` to the same path; REMOVE, ADD, DELETE. Every name and value is a placeholder.
 */
const TOKEN = /\s*(<>|<=|>=|[<>=(),+[\].]|[#:]\w+|\w+)/y;
const FUNCTIONS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  begins_with: 2,
  contains: 2,
};
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];
const SAME_PATH_FUNCTIONS = ['list_append', 'if_not_exists'];

class Tokens {
  readonly used = new Set<string>();
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(text); match?.[1] !== undefined; match = TOKEN.exec(text)) {
      this.tokens.push(match[1]);
      end = TOKEN.lastIndex;
    }
    if (text.slice(end).trim() !== '') throw new SyntaxError(`not in the subset: "${text.slice(end)}"`);
  }

  get next(): string {
    return this.tokens[this.at] ?? '';
  }

  take(...allowed: string[]): string {
    const token = this.next;
    if (allowed.length > 0 && !allowed.includes(token)) {
      throw new SyntaxError(`expected ${allowed.join(' or ')}, found "${token}"`);
    }
    this.at += 1;
    if (/^[#:]/.test(token)) this.used.add(token);
    return token;
  }

  end(): void {
    if (this.at < this.tokens.length) throw new SyntaxError(`not in the subset: "${this.next}"`);
  }
}

/** Checks a condition or key condition; returns the placeholders it uses. @throws SyntaxError */
export function parseCondition(text: string): Set<string> {
  const tokens = new Tokens(text);
  disjunction(tokens);
  tokens.end();
  return tokens.used;
}

/** Checks an update; returns the placeholders it uses. @throws SyntaxError */
export function parseUpdate(text: string): Set<string> {
  const tokens = new Tokens(text);
  const seen = new Set<string>();
  const clauses: Readonly<Record<string, () => unknown>> = {
    SET: () => assignment(tokens),
    REMOVE: () => path(tokens),
    ADD: () => [path(tokens), value(tokens)],
    DELETE: () => [path(tokens), value(tokens)],
  };
  while (tokens.next !== '') {
    const keyword = tokens.take(...Object.keys(clauses));
    if (seen.has(keyword)) throw new SyntaxError(`${keyword} stands twice`);
    seen.add(keyword);
    clauses[keyword]?.();
    while (tokens.next === ',') {
      tokens.take(',');
      clauses[keyword]?.();
    }
  }
  return tokens.used;
}

function disjunction(tokens: Tokens): void {
  conjunction(tokens);
  while (tokens.next === 'OR') {
    tokens.take('OR');
    conjunction(tokens);
  }
}

function conjunction(tokens: Tokens): void {
  negation(tokens);
  while (tokens.next === 'AND') {
    tokens.take('AND');
    negation(tokens);
  }
}

function negation(tokens: Tokens): void {
  if (tokens.next === 'NOT') tokens.take('NOT');
  if (tokens.next === '(') {
    tokens.take('(');
    disjunction(tokens);
    tokens.take(')');
    return;
  }
  const count = FUNCTIONS[tokens.next];
  if (count !== undefined) {
    tokens.take();
    tokens.take('(');
    path(tokens);
    if (count === 2) {
      tokens.take(',');
      value(tokens);
    }
    tokens.take(')');
    return;
  }
  path(tokens);
  tokens.take(...COMPARATORS);
  value(tokens);
}

function assignment(tokens: Tokens): void {
  const target = path(tokens);
  const same = (): void => {
    if (path(tokens) !== target) throw new SyntaxError(`${target} is set from another path`);
  };
  tokens.take('=');
  if (tokens.next.startsWith(':')) {
    value(tokens);
  } else if (SAME_PATH_FUNCTIONS.includes(tokens.next)) {
    tokens.take();
    tokens.take('(');
    same();
    tokens.take(',');
    value(tokens);
    tokens.take(')');
  } else {
    same();
    tokens.take('+');
    value(tokens);
  }
}

function path(tokens: Tokens): string {
  let whole = name(tokens);
  while (tokens.next === '.' || tokens.next === '[') {
    if (tokens.take('.', '[') === '.') {
      whole += `.${name(tokens)}`;
    } else {
      const index = tokens.take();
      if (!/^\d+$/.test(index)) throw new SyntaxError(`"${index}" is no index`);
      whole += `[${index}]`;
      tokens.take(']');
    }
  }
  return whole;
}

function name(tokens: Tokens): string {
  const token = tokens.take();
  if (!token.startsWith('#')) throw new SyntaxError(`"${token}" is no name placeholder`);
  return token;
}

function value(tokens: Tokens): string {
  const token = tokens.take();
  if (!token.startsWith(':')) throw new SyntaxError(`"${token}" is no value placeholder`);
  return token;
}
