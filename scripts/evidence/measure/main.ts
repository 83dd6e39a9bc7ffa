import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../build/roots.ts';
import { main } from '../../dev/problem.ts';
import { printsHelp } from '../../language/npm-help.ts';
import { docComments, openings } from './comments.ts';
import { filesOfOnePurchase } from './hops.ts';
import { englishIn, pagesWithoutTwin } from './pages.ts';
import { chineseSentences } from './screens.ts';

if (printsHelp('measure')) process.exit();

/*
 * `npm run measure`: how plain the words are and how short the ways, each with its goal; `--all` names what is counted.
 */

interface Measured {
  readonly title: string;
  readonly value: number;
  readonly goal: number;
  readonly unit?: string;
  /** Items that were counted, one by one. */
  readonly found: readonly string[];
}

await main(async () => {
  const isWhole = process.argv.includes('--all');
  const hops = await filesOfOnePurchase();
  const comments = filesBelow(['lib', 'handlers', 'scripts'], /\.(m|c)?ts$/).flatMap((file) =>
    docComments(read(file)).map((text) => ({ file, text })),
  );
  const dialect = comments.filter(({ text }) => openings.test(text));
  const readme = read('README.md').trimEnd().split('\n');
  const pages = filesBelow(['docs'], /\.md$/);
  const chinese = ['README.zh-CN.md', ...pages.filter((page) => page.startsWith('docs/zh/'))];
  const onPages = chinese.flatMap((page) => englishIn(read(page)).map((text) => `${page}: ${text}`));
  const onScreens = chineseSentences().flatMap(({ id, text }) => englishIn(text).map((words) => `${id}: ${words}`));
  const twinless = pagesWithoutTwin(pages);
  const all: readonly Measured[] = [
    { title: 'files that one newInstance runs', value: hops.length, goal: 14, found: hops },
    {
      title: 'doc comments that begin with What, Whether, Where, Why, How, Who',
      value: (dialect.length / comments.length) * 100,
      goal: 2,
      unit: ' %',
      found: dialect.map(({ file, text }) => `${file}: ${text}`),
    },
    { title: 'lines of the README', value: readme.length, goal: 150, found: [] },
    { title: 'pages without a Chinese twin', value: twinless.length, goal: 0, found: twinless },
    {
      title: 'English sentences of more than six words on Chinese pages',
      value: onPages.length,
      goal: 0,
      found: onPages,
    },
    {
      title: 'English sentences of more than six words on Chinese screens',
      value: onScreens.length,
      goal: 0,
      found: onScreens,
    },
  ];
  for (const { title, value, goal, unit = '', found } of all) {
    const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
    console.log(`${value <= goal ? '✓' : '✗'} ${title}: ${shown}${unit} (goal: at most ${goal}${unit})`);
    if (isWhole) for (const one of found) console.log(`    ${one}`);
  }
});

function read(file: string): string {
  return readFileSync(join(PACKAGE_ROOT, file), 'utf8');
}

/** Files below folders whose names match, by their paths from the root. */
function filesBelow(folders: readonly string[], name: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && name.test(entry.name) && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name).slice(PACKAGE_ROOT.length).replace(/^\//, ''))
      .sort(),
  );
}
