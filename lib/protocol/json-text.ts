/**
 * Looking at a JSON text itself, for what JSON.parse hides: names that occur twice, and depth.
 * All functions expect a text that JSON.parse has accepted.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Deepest nesting of objects and arrays in a call; documented bodies have two to four levels. */
export const MAX_DEPTH = 8;

/** Finds what is wrong with a JSON text although it parses; undefined when nothing is. */
export function findFault(text: string): 'repeated name' | 'too deep' | undefined {
  const open: (Set<string> | undefined)[] = []; // names seen so far, an entry per open object or array
  let names: Set<string> | undefined; // of the innermost object, while a name of it comes next
  // Stryker disable next-line EqualityOperator: behind the end there is nothing to find
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE: {
        const end = endOfString(text, i);
        if (names !== undefined) {
          const name = readString(text, i, end);
          if (names.has(name)) return 'repeated name';
          names.add(name);
          names = undefined;
        }
        i = end - 1;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (open.length === MAX_DEPTH) return 'too deep';
        names = text.charCodeAt(i) === OPEN_OBJECT ? new Set() : undefined;
        open.push(names);
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        break;
      case COMMA:
        names = open.at(-1);
        break;
    }
  }
  return undefined;
}

/** Index behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  // Stryker disable next-line EqualityOperator: the closing quote comes before the end
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return text.length;
}

function readString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  // Stryker disable next-line StringLiteral: a name without escapes need not be parsed
  return inner.includes('\\') ? JSON.parse(text.slice(start, end)) : inner;
}
