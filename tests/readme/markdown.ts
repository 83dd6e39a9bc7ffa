import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Pages that readers find in the repository, by their paths below its root. */
export const PAGES = [
  ...['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`)
    .sort(),
];

const FENCE = /^```.*\n[\s\S]*?^```$/gm;
const LINK = /\]\(([^)\s]+)\)/g;

/** A page, taken apart. */
export function parsePage(file: string) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const sections = text
    .replace(FENCE, '')
    .split(/^(?=#+ )/m)
    .map((section) => ({
      level: section.indexOf(' '),
      slug: slugOf(section.slice(0, section.indexOf('\n'))),
      text: section,
      links: [...section.matchAll(LINK)].map(([, target = '']) => decodeURI(target)),
    }));
  return { text, fences: text.match(FENCE) ?? [], sections };
}

/** The anchor that GitHub gives a heading. */
function slugOf(heading: string): string {
  const words = heading
    .replace(/^#+ /, '')
    .replace(/\]\([^)]*\)/g, '')
    .trim()
    .toLowerCase();
  return words.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-');
}
