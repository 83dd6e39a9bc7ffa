import { readTree, type Tree } from './json-tree.ts';

/** Style of a serialiser. Everything left out means: compact, order kept, non-ASCII raw, `/` plain. */
export interface Style {
  /** Blanks per level; with it every member stands on its own line. */
  readonly indent?: number;
  /** Text after a colon and after a comma, e.g. a blank each as Python writes them. */
  readonly afterColon?: string;
  readonly afterComma?: string;
  /** Non-ASCII as `\uXXXX`. */
  readonly ascii?: boolean;
  /** `/` as `\/`. */
  readonly slash?: boolean;
  /** `<`, `>`, `&`, `=` and `'` as `\u003c` …: what Gson and Go's encoder do. */
  readonly html?: boolean;
  /** Order of the top-level names, or of the names at every depth. */
  readonly order?: 'ascending' | 'descending' | 'ascending-deep';
  /** Leaves out top-level members that are null, or that are an empty text. */
  readonly drop?: 'nulls' | 'empties';
  /** Numbers as JavaScript would print them again. */
  readonly numbers?: 'reprinted';
}

/** Writes a tree in a style. */
export function writeTree(tree: Tree, style: Style = {}): string {
  return write(shape(tree, style, true), style, 0);
}

/**
 * The form that the sample project hashes: top-level names ascending (UTF-16), top-level nulls left out, compact.
 * Undefined if the text is not a JSON object.
 */
export function canonicalText(text: string): string | undefined {
  const tree = readTree(text);
  if (tree?.kind !== 'object') return undefined;
  return writeTree(tree, { order: 'ascending', drop: 'nulls' });
}

/** The body the marketplace would send for these members: compact, names ascending. */
export function compactBody(members: Readonly<Record<string, unknown>>): string {
  return canonicalText(JSON.stringify(members)) ?? '{}';
}

function shape(tree: Tree, style: Style, top: boolean): Tree {
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map((item) => shape(item, style, false)) };
  if (tree.kind !== 'object') return tree;
  const kept = top ? tree.members.filter(([, member]) => !dropped(member, style.drop)) : tree.members;
  const members = kept.map(([name, member]) => [name, shape(member, style, false)] as const);
  if (style.order === undefined || (!top && style.order !== 'ascending-deep')) return { kind: 'object', members };
  const sign = style.order === 'descending' ? -1 : 1;
  return { kind: 'object', members: members.toSorted(([a], [b]) => (a < b ? -sign : a > b ? sign : 0)) };
}

function dropped(member: Tree, drop: Style['drop']): boolean {
  if (drop === 'nulls') return member.kind === 'literal' && member.text === 'null';
  if (drop === 'empties') return member.kind === 'string' && member.value === '';
  return false;
}

function write(tree: Tree, style: Style, depth: number): string {
  if (tree.kind === 'literal') return style.numbers === 'reprinted' ? JSON.stringify(JSON.parse(tree.text)) : tree.text;
  if (tree.kind === 'string') return quote(tree.value, style);
  const parts =
    tree.kind === 'array'
      ? tree.items.map((item) => write(item, style, depth + 1))
      : tree.members.map(([name, member]) => {
          const colon = style.afterColon ?? (style.indent === undefined ? '' : ' ');
          return `${quote(name, style)}:${colon}${write(member, style, depth + 1)}`;
        });
  const [open, close] = tree.kind === 'array' ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  if (style.indent === undefined) return open + parts.join(`,${style.afterComma ?? ''}`) + close;
  const inner = ' '.repeat(style.indent * (depth + 1));
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${' '.repeat(style.indent * depth)}${close}`;
}

function quote(text: string, style: Style): string {
  let quoted = JSON.stringify(text);
  if (style.slash) quoted = quoted.replaceAll('/', '\\/');
  if (style.html) quoted = quoted.replaceAll(/[<>&='\u2028\u2029]/g, unicodeEscape);
  if (style.ascii) quoted = quoted.replaceAll(/\P{ASCII}/gu, unicodeEscape);
  return quoted;
}

function unicodeEscape(unit: string): string {
  return unit
    .split('')
    .map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
