import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PRODUCT_KINDS } from '../../scripts/cli/certify/matrix.ts';
import { allSentences, hasSentence } from '../../scripts/cli/messages/index.ts';
import { CHARGING } from '../../scripts/console/charging.ts';
import { VOCABULARY } from '../../scripts/console/page/vocabulary.ts';
import { pageSentences } from '../../scripts/console/sentences.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { FAMILIES } from '../../scripts/marketplace/calls/families.ts';

const folder = join(ROOT, 'scripts/console');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('sentences.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

describe('what the page says', () => {
  test('every sentence that is named has words, and every one that has words is named', () => {
    const named = new Set([...sources.matchAll(/'(page\.[\w.-]+)'(?!\)\))/g)].map(([, id]) => id ?? ''));
    expect([...named].filter((id) => !Object.hasOwn(pageSentences, id))).toEqual([]);
    const stems = [...sources.matchAll(/`(page\.[\w.-]*)\$\{/g)].map(([, stem]) => stem ?? '');
    const unused = Object.keys(pageSentences).filter(
      (id) => !named.has(id) && !stems.some((stem) => id.startsWith(stem)),
    );
    expect(unused).toEqual([]);
  });

  test('the page knows the words of everything that a certification can show', () => {
    const shown = /^(finding|check|server|verdict|certify|activity|open-api\.(case|how)|report|console|call|reason)\./;
    const wanted = allSentences.map(([name]) => name).filter((name) => shown.test(name));
    expect(wanted.length).toBeGreaterThan(200);
    expect(wanted.filter((name) => !Object.hasOwn(VOCABULARY, name))).toEqual([]);
  });

  test('families, charging modes, product kinds and interfaces have names', () => {
    const wanted = [
      ...FAMILIES.map(({ name }) => `page.family.${name}`),
      ...CHARGING.map((name) => `page.charging.${name}`),
      ...PRODUCT_KINDS.map((name) => `page.certify.kind.${name}`),
    ];
    expect(wanted.filter((id) => !Object.hasOwn(pageSentences, id))).toEqual([]);
    const activities = FAMILIES.flatMap(({ activities: all }) => Object.keys(all));
    expect(activities.filter((name) => !hasSentence(`activity.${name}`))).toEqual([]);
  });

  test.each(Object.entries(pageSentences))('%s has both languages with the same places', (_, [english, chinese]) => {
    const places = (text: string) => new Set([...text.matchAll(/\{\w+\}/g)].map(String));
    expect(chinese).not.toBe('');
    expect(places(chinese)).toEqual(places(english));
  });

  test('no markup is ever made of texts', () => {
    expect(sources).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function/,
    );
  });
});
