import { type Style, writeTree } from '../../marketplace/protocol/json-text.ts';
import { readTree, type Tree } from '../../marketplace/protocol/json-tree.ts';
import { bytes, differing, type Variant } from './cause.ts';
import { charsetVariants } from './charsets.ts';

/** Effects of serialisers on a body that was parsed and written again. */
const RESERIALISED: readonly (readonly [string, Style])[] = [
  ['body.compacted', {}],
  ['body.compacted', { numbers: 'reprinted' }],
  ['body.spaced', { afterColon: ' ', afterComma: ' ' }],
  ['body.spaced-ascii', { afterColon: ' ', afterComma: ' ', ascii: true }],
  ['body.pretty', { indent: 2 }],
  ['body.pretty', { indent: 4 }],
  ['body.ascii', { ascii: true }],
  ['body.slashes', { slash: true }],
  ['body.slashes-ascii', { slash: true, ascii: true }],
  ['body.html', { html: true }],
  ['body.nulls-dropped', { drop: 'nulls' }],
  ['body.empties-dropped', { drop: 'empties' }],
  ['body.sorted', { order: 'ascending' }],
  ['body.sorted', { order: 'ascending', drop: 'nulls' }],
  ['body.descending', { order: 'descending' }],
  ['body.descending', { order: 'descending', drop: 'nulls' }],
  ['body.sorted-deep', { order: 'ascending-deep' }],
];

/** Bodies that people sign by mistake in place of the bytes on the wire. */
export function bodyVariants(body: Buffer): Variant[] {
  const tree = readTree(body.toString('utf8'));
  return differing(
    [...respelled(body), ...charsetVariants(body), ...(tree === undefined ? [] : reserialised(tree))],
    body,
  );
}

function respelled(body: Buffer): Variant[] {
  const text = body.toString('utf8');
  const texts: [string, string][] = [
    ['body.newline', `${text}\n`],
    ['body.newline', `${text}\r\n`],
    ['body.trimmed', text.trim()],
    ['body.crlf', text.replaceAll(/\r?\n/g, '\r\n')],
    ['body.lf', text.replaceAll('\r\n', '\n')],
    ['body.byte-order-mark', `\ufeff${text}`],
    ['body.byte-order-mark', text.replace(/^\ufeff/, '')],
    ['body.url-decoded', decoded(text)],
    ['body.plus-to-blank', text.replaceAll('+', ' ')],
    ['body.url-encoded', encodeURIComponent(text)],
    ['body.lower', text.toLowerCase()],
    ['body.base64', body.toString('base64')],
    ['body.quoted', JSON.stringify(text)],
    ['body.empty', ''],
    ['body.no-blanks', text.replaceAll(/\s/g, '')],
    ['body.object-text', '[object Object]'],
  ];
  return texts.map(([id, value]) => ({ id, value: bytes(value) }));
}

function reserialised(tree: Tree): Variant[] {
  const variants = RESERIALISED.map(([id, style]): Variant => ({ id, value: bytes(writeTree(tree, style)) }));
  if (tree.kind === 'object') {
    const flat = tree.members.map(([name, member]): [string, string] => [name, plain(member)]);
    variants.push(
      { id: 'body.form', value: bytes(new URLSearchParams(flat).toString()) },
      { id: 'body.form', value: bytes(flat.map(([name, value]) => `${name}=${value}`).join('&')) },
      { id: 'body.map-text', value: bytes(`{${flat.map(([name, value]) => `${name}=${value}`).join(', ')}}`) },
      { id: 'body.without-activity', value: bytes(without(tree, 'activity')) },
      { id: 'body.without-test-flag', value: bytes(without(tree, 'testFlag')) },
    );
  }
  return variants;
}

function without(tree: Tree & { kind: 'object' }, name: string): string {
  return writeTree({ kind: 'object', members: tree.members.filter(([member]) => member !== name) });
}

function plain(tree: Tree): string {
  if (tree.kind === 'string') return tree.value;
  return tree.kind === 'literal' ? tree.text : writeTree(tree);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
