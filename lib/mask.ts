/**
 * Hides personal data and secrets in what is written for people: logs, and the reasons that are kept beside a change. It is
 * the second line of defence, for texts of the seller's own code above all. The time is linear in the text.
 */

/** Characters of a text that are looked at, and kept. */
export const MAX_TEXT = 4_096;

/** Characters at the end of a text that was cut, among which a word may have lost what it was known by. */
const TORN_WORD = /\S{1,128}$/;

const HIDDEN = '***';

/** Kept, though digits stand in them: ids, orders with their lines, dates and times. */
const KEPT = [
  String.raw`[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}`,
  String.raw`\bCS[\dA-Z]{8,32}(?:-\d{1,6})?`,
  String.raw`(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?Z?)?`,
];
/** Signs are `@`, its wide form and its code in addresses. Every length has an end, so that a long run of letters costs no more. */
const E_MAIL = String.raw`(?:"[^"\n]{1,62}"|[\p{L}\p{N}_.+'-]{1,64})(?:@|\uff20|%40)[\p{L}\p{N}_.-]{1,255}`;
const PHONES = [
  String.raw`\+?\d{11,15}(?!\d)`, // wherever it stands
  String.raw`(?<![\p{L}\d-])\d{8,10}(?![\p{L}\d-])`, // by itself
  String.raw`(?<![\p{L}\d])\+?\(?\d{1,4}\)?[ -]{1,2}\d{3,8}(?:[ -]\d{2,8}){0,3}(?![\p{L}\d])`,
];
const FOUND = new RegExp(
  `(?<kept>${KEPT.join('|')})|(?<mail>${E_MAIL})|(?<long>(?<!\\d)${PHONES[0]})|(?<short>${PHONES[1]})|(?<parted>${PHONES[2]})`,
  'gu',
);
/** Digits that a telephone number has at least if something parts them. */
const PARTED_DIGITS = 10;
/** A Chinese mobile number that is no text. Other numbers of eleven digits and more are times and amounts. */
const MOBILE_NUMBER = /^(?:86)?1[3-9]\d{9}$/;
/** Shows that there may be something to hide: most lines hold nothing. */
const SUSPECT = /[@\uff20]|%40|\d{8}|\d\)?[ -]{1,2}\d{3}/u;

/** A text in JSON that is an id and nothing else: it is kept, though most ids look suspicious, and each call's line has one. */
const WHOLE_ID = /"[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}"/g;

/** Hides e-mail addresses, telephone numbers and the secrets given in a text, which is cut first. */
export function mask(text: string, secrets: Iterable<string> = []): string {
  let masked = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).replace(TORN_WORD, '')}…` : text;
  for (const secret of secrets) masked = masked.replaceAll(secret, HIDDEN);
  return SUSPECT.test(masked) ? masked.replace(FOUND, hidden) : masked;
}

function hidden(match: string, ...rest: unknown[]): string {
  const { kept, mail, parted } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
  if (kept !== undefined) return match;
  if (mail !== undefined) return `${HIDDEN}@${HIDDEN}`;
  return parted !== undefined && parted.replace(/\D/g, '').length < PARTED_DIGITS ? match : HIDDEN;
}

/** The members as JSON, everything in them masked that {@link mask} hides: names, texts and numbers at any depth. */
export function maskedJson(members: object, secrets: ReadonlySet<string>): string {
  const plain = JSON.stringify(members);
  if (!isSuspect(plain, secrets)) return plain;
  return JSON.stringify(maskedValue(JSON.parse(plain), secrets)); // what it was made of by toJSON included
}

function isSuspect(plain: string, secrets: Iterable<string>): boolean {
  if (plain.length > MAX_TEXT || SUSPECT.test(plain.replace(WHOLE_ID, ''))) return true;
  for (const secret of secrets) if (plain.includes(JSON.stringify(secret).slice(1, -1))) return true;
  return false;
}

function maskedValue(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return mask(value, secrets);
  if (typeof value === 'number') return MOBILE_NUMBER.test(String(value)) ? HIDDEN : value;
  if (Array.isArray(value)) return value.map((one) => maskedValue(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, own]) => [mask(name, secrets), maskedValue(own, secrets)]),
  );
}
