import type { Text } from './rules.ts';

const MORE: Readonly<Record<keyof Text, (left: number) => string>> = {
  en: (left) => `… and ${left} more: koogate status`,
  zh: (left) => `……还有 ${left} 项：koogate status`,
};

/**
 * Writes a text within a limit: in both languages if both fit, else in the first alone; where that is too long too, it ends
 * with the number of paragraphs that are left out.
 */
export function fitText(text: Text, first: keyof Text, fits: (text: string) => boolean): string {
  const both = `${text[first]}\n\n----\n\n${text[first === 'en' ? 'zh' : 'en']}`;
  if (fits(both)) return both;
  if (fits(text[first])) return text[first];
  const paragraphs = text[first].split('\n\n');
  const shortened = (kept: number) =>
    [...paragraphs.slice(0, kept), MORE[first](paragraphs.length - kept)].join('\n\n');
  const kept = most(paragraphs.length, (count) => fits(shortened(count)));
  if (kept > 0) return shortened(kept);
  const characters = [...text[first]];
  const cut = (count: number) => `${characters.slice(0, count).join('')}…`;
  return cut(most(characters.length, (count) => fits(cut(count))));
}

/** Finds the greatest number below `end` that is possible, where every smaller one is too; 0 always is. */
function most(end: number, isPossible: (count: number) => boolean): number {
  let [low, high] = [0, end];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isPossible(middle)) low = middle;
    else high = middle;
  }
  return low;
}
