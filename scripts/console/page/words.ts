import type { Say } from '../../cli/messages/index.ts';
import { fill, type Locale } from '../../language/sentence.ts';
import type { Said } from '../shapes.ts';
import { VOCABULARY } from './vocabulary.ts';

const CHOICE = 'koogate-locale';

let locale: Locale =
  localStorage.getItem(CHOICE) === 'zh' ? 'zh' : localStorage.getItem(CHOICE) === 'en' ? 'en' : ofBrowser();

function ofBrowser(): Locale {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function currentLocale(): Locale {
  return locale;
}

export function switchLocale(): void {
  locale = locale === 'zh' ? 'en' : 'zh';
  localStorage.setItem(CHOICE, locale);
}

/** Says a sentence in the page's language. A name without a sentence shows as itself. */
export const say: Say = (id, values = {}) => fill(VOCABULARY[id]?.[locale === 'zh' ? 1 : 0] ?? id, values);

/** Says a sentence that came from the server. */
export function saySaid({ id, values = {} }: Said): string {
  return say(id, values);
}

/** Only if there is such a sentence; else the fallback. */
export function sayOr(id: string, fallback: string): string {
  return Object.hasOwn(VOCABULARY, id) ? say(id) : fallback;
}

const tag = (): string => (locale === 'zh' ? 'zh-CN' : 'en-GB');

export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(tag(), { timeStyle: 'medium' }).format(at);
}

export function dateTime(at: number): string {
  return new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}
