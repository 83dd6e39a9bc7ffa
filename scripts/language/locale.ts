import type { Locale } from './sentence.ts';

/** Chinese where the environment asks for it: KOOGATE_LANG, then in the order in which programs look. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const chosen = [env.KOOGATE_LANG, env.LC_ALL, env.LC_MESSAGES, env.LANGUAGE, env.LANG].find((value) => value);
  return chosen !== undefined && /^zh/i.test(chosen) ? 'zh' : 'en';
}
