import { MAX_DEPTH } from './json-text.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const SLASH = 0x2f;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const SMALL_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Sign that no call's body looks like this: the end of a reading. */
export class Ended extends Error {
  readonly fault: 'not an object' | 'too deep' | 'too many members';
  constructor(fault: Ended['fault']) {
    super(fault);
    this.fault = fault;
  }
}

/**
 * JSON on its way from bytes as received to compact ones, piece by piece. What needs no change is copied in runs, as long as
 * can be. Every method may throw {@link Ended}.
 */
export class CompactCopy {
  readonly raw: Buffer;
  /** Compact JSON is never longer than what it was made of. */
  readonly #out: Buffer;
  /** The next byte of `raw`. */
  at = 0;
  /** Start of the run that is not copied yet. */
  #from = 0;
  /** The next free byte of #out. */
  #end = 0;

  constructor(raw: Buffer) {
    this.raw = raw;
    this.#out = Buffer.allocUnsafe(raw.length);
  }

  /** Gives what `read` passes, compact. */
  piece(read: () => void): Buffer {
    const start = this.#end;
    this.#from = this.at;
    read();
    this.#flush();
    return this.#out.subarray(start, this.#end);
  }

  /** Goes on to the next byte that is no blank, and gives it. */
  skipBlanks(): number | undefined {
    while (isBlank(this.raw[this.at])) this.at += 1;
    return this.raw[this.at];
  }

  /** Passes the byte, which must come next. */
  expect(byte: number): void {
    if (this.skipBlanks() !== byte) throw new Ended('not an object');
    this.at += 1;
  }

  /** Passes a member's value, up to the comma or bracket behind it. */
  value(): void {
    const { raw } = this;
    this.#blanks();
    for (let depth = 1; ; ) {
      let { at } = this;
      let byte = raw[at];
      while (byte !== undefined && (PLAIN[byte] === 1 || (byte === COMMA && depth > 1))) {
        at += 1;
        byte = raw[at];
      }
      this.at = at;
      if (byte === QUOTE) this.string();
      else if (isBlank(byte)) this.#blanks();
      else if (depth === 1 && (byte === COMMA || byte === CLOSE_OBJECT)) return;
      else {
        depth += nesting(byte);
        if (depth > MAX_DEPTH) throw new Ended('too deep');
        if (byte === undefined || depth === 0) throw new Ended('not an object');
        this.at += 1;
      }
    }
  }

  /** Passes a string, its quotes included; it becomes what JSON.stringify would write. */
  string(): void {
    const { raw } = this;
    for (let at = this.at + 1; ; at = this.at) {
      let byte = raw[at];
      while (byte !== undefined && IN_STRING[byte] === 1) {
        at += 1;
        byte = raw[at];
      }
      this.at = at;
      if (byte !== QUOTE && byte !== BACKSLASH) throw new Ended('not an object');
      if (byte === QUOTE) {
        this.at += 1;
        return;
      }
      this.#flush();
      this.#escape();
      this.#from = this.at;
    }
  }

  /** Leaves blanks out, unless they alone part what stands before them from what follows: `1 2` must not become 12. */
  #blanks(): void {
    this.#flush();
    const before = this.raw[this.at - 1] ?? COMMA;
    const next = this.skipBlanks() ?? COMMA;
    if (!PARTING.has(before) && !PARTING.has(next)) throw new Ended('not an object');
    this.#from = this.at;
  }

  /** Copies the run up to here. */
  #flush(): void {
    const length = this.at - this.#from;
    if (length > SHORT_RUN_BYTES) this.raw.copy(this.#out, this.#end, this.#from, this.at);
    else
      for (let index = 0; index < length; index += 1) this.#out[this.#end + index] = this.raw[this.#from + index] ?? 0;
    this.#end += length;
    this.#from = this.at;
  }

  #escape(): void {
    const kind = this.raw[this.at + 1];
    const isShort = kind !== undefined && SHORT_ESCAPES.has(kind);
    if (!isShort && kind !== SMALL_U) throw new Ended('not an object');
    if (isShort) {
      if (kind !== SLASH) this.#out[this.#end++] = BACKSLASH;
      this.#out[this.#end++] = kind;
      this.at += 2;
      return;
    }
    const unit = this.#unit();
    this.at += 6;
    if (unit >= 0xd800 && unit < 0xdc00 && this.raw[this.at] === BACKSLASH && this.raw[this.at + 1] === SMALL_U) {
      const low = this.#unit();
      if (low >= 0xdc00 && low < 0xe000) {
        this.at += 6;
        this.#encode(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        return;
      }
    }
    this.#encode(unit);
  }

  /** The code unit of the `\uXXXX` at hand. */
  #unit(): number {
    let unit = 0;
    for (let digit = 2; digit < 6; digit += 1) {
      const value = HEX[this.raw[this.at + digit] ?? 0] ?? NO_HEX;
      if (value === NO_HEX) throw new Ended('not an object');
      unit = unit * 16 + value;
    }
    return unit;
  }

  #encode(code: number): void {
    const out = this.#out;
    const needed = code < 0x20 || code === QUOTE || code === BACKSLASH || (code >= 0xd800 && code < 0xe000);
    if (needed) {
      this.#end += out.write(JSON.stringify(String.fromCharCode(code)).slice(1, -1), this.#end, 'latin1');
    } else if (code < 0x80) {
      out[this.#end++] = code;
    } else {
      if (code < 0x800) out[this.#end++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x10000) out[this.#end++] = 0xe0 | (code >> 12);
        else {
          out[this.#end++] = 0xf0 | (code >> 18);
          out[this.#end++] = 0x80 | ((code >> 12) & 0x3f);
        }
        out[this.#end++] = 0x80 | ((code >> 6) & 0x3f);
      }
      out[this.#end++] = 0x80 | (code & 0x3f);
    }
  }
}

/** By how much a byte changes the depth. */
function nesting(byte: number | undefined): number {
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return 1;
  return byte === CLOSE_OBJECT || byte === CLOSE_ARRAY ? -1 : 0;
}

const SHORT_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
const NO_HEX = 16;
/** Value of each hex digit by its byte. */
const HEX = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? NO_HEX : value;
});

const PARTING: ReadonlySet<number> = new Set(Buffer.from(',:[]{}'));

/** Bytes up to which a loop is faster than a call. */
const SHORT_RUN_BYTES = 32;

/** 1 for the bytes that stand in a string as they are. */
const IN_STRING = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 0 : 1,
);

/** 1 for the bytes of numbers and literals. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE || isBlank(byte) || '[]{},'.includes(String.fromCharCode(byte)) ? 0 : 1,
);

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
