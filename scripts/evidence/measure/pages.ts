/** Code, addresses and what stands in quotation marks are the same in every language. */
const SAME =
  /^```[^\n]*\n[\s\S]*?^```$|`[^`\n]*`|\]\([^)]*\)|<[^>]*>|https?:\S+|"[^"\n]*"|“[^”\n]*”|「[^」\n]*」|\{[^{}]*\}/gm;

/** A run of more than six words in Latin letters. */
const ENGLISH = /[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){6,}/g;

/** English sentences of more than six words in a Chinese text. */
export function englishIn(text: string): readonly string[] {
  return text.replaceAll(SAME, ' ¶ ').match(ENGLISH) ?? [];
}

/** Pages below docs/ that docs/zh/ has no page of the same name for. */
export function pagesWithoutTwin(pages: readonly string[]): readonly string[] {
  const all = new Set(pages);
  return pages.filter((page) => !page.startsWith('docs/zh/') && !all.has(page.replace(/^docs\//, 'docs/zh/')));
}
