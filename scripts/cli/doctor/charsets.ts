import { bytes, type Variant } from './cause.ts';

/** The body's text in other character sets than UTF-8; nothing for a text of ASCII alone, where most coincide. */
export function charsetVariants(body: Buffer): Variant[] {
  const text = body.toString('utf8');
  const wide: Variant[] = [
    { id: 'charset.utf-16', value: Buffer.from(text, 'utf16le') },
    { id: 'charset.utf-16', value: Buffer.from(text, 'utf16le').swap16() },
  ];
  if (!/\P{ASCII}/u.test(text)) return wide;
  return [
    ...wide,
    { id: 'charset.gbk', value: toGbk(text) },
    { id: 'charset.latin-1', value: narrow(text, 0xff) },
    { id: 'charset.ascii', value: narrow(text, 0x7f) },
    { id: 'charset.twice', value: Buffer.from(body.toString('latin1'), 'utf8') },
    { id: 'charset.replaced', value: bytes(body.toString('ascii').replaceAll(/[^\p{ASCII}]/gu, '\ufffd')) },
  ];
}

/** One byte a character; what does not fit becomes a question mark, as Java's getBytes does. */
function narrow(text: string, highest: number): Buffer {
  return Buffer.from(
    [...text]
      .map((char) => Math.min(char.codePointAt(0) ?? 0, highest + 1))
      .map((code) => (code > highest ? 0x3f : code)),
  );
}

let gbk: Map<string, readonly number[]> | undefined;

/** Node only reads GBK, so its table is turned round once. */
function toGbk(text: string): Buffer {
  gbk ??= readGbk();
  const table = gbk;
  return Buffer.from([...text].flatMap((char) => table.get(char) ?? [0x3f]));
}

function readGbk(): Map<string, readonly number[]> {
  const decoder = new TextDecoder('gbk');
  const table = new Map<string, readonly number[]>();
  for (let code = 0; code < 0x80; code += 1) table.set(String.fromCharCode(code), [code]);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if ([...char].length === 1 && char !== '\ufffd' && !table.has(char)) table.set(char, [lead, trail]);
    }
  }
  return table;
}
