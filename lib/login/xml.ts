/**
 * Reader for small XML documents of machines: elements in one namespace, text, CDATA sections, comments, and the entities
 * that XML itself has. Whatever else there is in XML (document types, entities of one's own, processing instructions,
 * further namespaces) is refused, so that nothing can be fetched, expanded or understood in two ways.
 */

/** Events of a document, from its beginning to its end. Paths are local names from the root: `response/user`. */
export interface XmlListener {
  opened(path: string, attributes: ReadonlyMap<string, string>): void;
  /** @param text what stands directly within the element, in one piece */
  closed(path: string, text: string): void;
}

const NAME = '[A-Za-z_][\\w.-]*';
const TAG = `(?:(?<prefix>${NAME}):)?(?<local>${NAME})`;
const ATTRIBUTE = `\\s+[\\w.:-]+\\s*=\\s*(?:"[^"<]*"|'[^'<]*')`;
const TOKEN = new RegExp(
  [
    '<!--(?<comment>(?:(?!--)[^])*)-->',
    '<!\\[CDATA\\[(?<cdata>[^]*?)\\]\\]>',
    `</(?<end>(?:${NAME}:)?${NAME})\\s*>`,
    `<${TAG}(?<attributes>(?:${ATTRIBUTE})*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);
const DECLARATION = /^\ufeff?(?:<\?xml\s[^<>?]*\?>)?/;
const ENTITIES = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }));
/** Elements within each other at most. */
const MOST_DEEP = 16;

/** An element that has been opened. */
interface Open {
  readonly name: string;
  readonly path: string;
  text: string;
}

/** @throws Error unless the document is whole, and of nothing but what this reader knows */
export function readXml(document: string, namespace: string, listener: XmlListener): void {
  const open: Open[] = [];
  let rootPrefix: string | undefined;
  let hasRoot = false;
  TOKEN.lastIndex = document.length - document.replace(DECLARATION, '').length;
  while (TOKEN.lastIndex < document.length) {
    const {
      comment,
      cdata,
      end,
      local,
      prefix,
      attributes = '',
      empty,
      text,
    } = TOKEN.exec(document)?.groups ?? refuse();
    const inner = open.at(-1);
    if (comment !== undefined) continue;
    if (local !== undefined) {
      if (inner === undefined && hasRoot) refuse();
      if (open.length === MOST_DEEP) refuse();
      const own = readAttributes(attributes);
      if (!hasRoot) {
        rootPrefix = prefix;
        const declared = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`;
        if (own.get(declared) !== namespace) refuse();
        own.delete(declared);
        hasRoot = true;
      }
      if (prefix !== rootPrefix || [...own.keys()].some((name) => name.startsWith('xmlns'))) refuse();
      const element = { name: nameOf(prefix, local), path: inner ? `${inner.path}/${local}` : local, text: '' };
      listener.opened(element.path, own);
      if (empty === '/') listener.closed(element.path, '');
      else open.push(element);
    } else if (end !== undefined) {
      if (inner?.name !== end) refuse();
      listener.closed(inner.path, inner.text);
      open.pop();
    } else if (inner !== undefined) {
      inner.text += cdata ?? unescaped(String(text));
    } else if (cdata !== undefined || text?.trim() !== '') refuse();
  }
  if (!hasRoot || open.length > 0) refuse();
}

function nameOf(prefix: string | undefined, local: string): string {
  return prefix === undefined ? local : `${prefix}:${local}`;
}

function readAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted = ''] of text.matchAll(/([\w.:-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    if (found.has(name)) refuse();
    found.set(name, unescaped(quoted.slice(1, -1)));
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:(\w+)|#(?:(\d{1,7})|x([\da-f]{1,6})));|&/gi,
    (_, name?: string, digits?: string, hex?: string) => {
      const known = ENTITIES.get(String(name));
      if (known !== undefined) return known;
      const code = digits === undefined ? Number.parseInt(hex ?? '', 16) : Number(digits);
      const isCharacter = code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : refuse();
    },
  );
}

function refuse(): never {
  throw new Error('XML that is not whole, or has parts that are not read here');
}
