/** One sentence in English and in Chinese; `{name}` stands for what is filled in. */
export type Sentence = readonly [english: string, chinese: string];

export type Sentences = Readonly<Record<string, Sentence>>;

export type Locale = 'en' | 'zh';

/** Fills `{name}` places; a place without a value stays as it is. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The sentence in the reader's language. */
export function localized(locale: Locale, [english, chinese]: Sentence): string {
  return locale === 'zh' ? chinese : english;
}
