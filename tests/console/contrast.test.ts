import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../../scripts/dev/local/settings.ts';

const style = readFileSync(join(ROOT, 'scripts/console/page/page.css'), 'utf8');
const [light = '', dark = ''] = style.split('@media (prefers-color-scheme: dark)');

/** The page's colours by name, of the first block that sets them. */
function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

const TEXTS = [
  ...['ground', 'card', 'well'].flatMap((ground) => [
    ['ink', ground],
    ['dim', ground],
  ]),
  ...['ok', 'fail', 'warn', 'cold'].flatMap((name) => [
    [name, `${name}-ground`],
    [name, 'card'],
  ]),
  ['brand', 'card'],
  ['brand', 'well'],
  ['brand-ink', 'brand'],
  ['ink', 'ok-ground'],
  ['dim', 'ok-ground'],
  ['ink', 'fail-ground'],
  ['dim', 'fail-ground'],
];

describe.each([
  ['light', colours(light)],
  ['dark', colours(dark)],
])('the %s colours', (_, named) => {
  test.each(TEXTS)('%s on %s can be read', (text = '', ground = '') => {
    expect(contrast(named.get(text) ?? '', named.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ground', 'card', 'well'])('the focus stands out from %s', (ground) => {
    expect(contrast(named.get('focus') ?? '', named.get(ground) ?? '')).toBeGreaterThanOrEqual(3);
  });
});
