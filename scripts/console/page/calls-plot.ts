import type { CallsShown, ProductShown } from '../deployed/shapes.ts';
import { type Child, h } from './element.ts';
import { behind, columns } from './plots.ts';
import { dateTime, say } from './words.ts';

/** Codes of calls that were carried out, at once or for later. */
const GOOD: ReadonlySet<string> = new Set(['000000', '000004']);

/** Calls of the last 24 hours by hour: carried out, refused, unproven. */
export function callsTile({ product, calls }: ProductShown): Child {
  const verified = sum(calls.map((hour) => hour.verified));
  const unverified = sum(calls.map((hour) => hour.unverified));
  const title = h('h3', {}, say('page.overview.calls'));
  const figure = say('page.overview.calls.figure', { verified, unverified });
  const bars = calls.map((hour) => {
    const { good, refused } = outcomes(hour);
    const words = [
      `${say('page.overview.calls.good')} ${good}`,
      `${say('page.overview.calls.refused')} ${refused}`,
      `${say('page.overview.calls.unproven')} ${hour.unverified}`,
    ];
    return {
      title: `${dateTime(hour.from)}: ${words.join(', ')}`,
      parts: [
        { kind: 'ok', value: good },
        { kind: 'fail', value: refused },
        { kind: 'warn', value: hour.unverified },
      ],
    } as const;
  });
  const heads = ['hour', 'good', 'refused', 'unproven', 'codes'].map((name) => say(`page.overview.calls.${name}`));
  const rows = calls.map((hour) => {
    const { good, refused } = outcomes(hour);
    return [dateTime(hour.from), String(good), String(refused), String(hour.unverified), codes(hour)];
  });
  return [
    title,
    h('p', {}, verified + unverified === 0 ? say('page.overview.calls.none') : figure),
    columns(`${say('page.overview.calls')}: ${figure}`, bars),
    h(
      'p',
      { class: 'legend' },
      (['good', 'refused', 'unproven'] as const).map((name, index) =>
        h('span', { class: ['ok', 'fail', 'warn'][index] }, say(`page.overview.calls.${name}`)),
      ),
    ),
    behind(`calls-${product}`, `${product}: ${say('page.overview.calls')}`, heads, rows),
  ];
}

/** Time that the answers of the last 24 hours took. */
export function latencyTile({ product, calls }: ProductShown): Child {
  const [first] = calls;
  const buckets = (first?.latency ?? []).map(({ upToMs }, index) => ({
    upToMs,
    name: upToMs === undefined ? say('page.overview.latency.more') : say('page.overview.latency.to', { ms: upToMs }),
    count: sum(calls.map(({ latency }) => latency[index]?.count ?? 0)),
  }));
  const slow = (upToMs: number | undefined) => (upToMs === undefined ? 'fail' : upToMs > 1_000 ? 'warn' : 'ok');
  const bars = buckets.map(({ upToMs, name, count }) => ({
    title: `${name}: ${count}`,
    parts: [{ kind: slow(upToMs), value: count }] as const,
  }));
  const words = buckets.map(({ name, count }) => `${name}: ${count}`).join(', ');
  const heads = [say('page.overview.latency'), say('page.overview.count')];
  return [
    h('h3', {}, say('page.overview.latency')),
    h('p', {}, words),
    columns(`${say('page.overview.latency')}: ${words}`, bars),
    h('p', { class: 'hint' }, say('page.overview.latency.hint')),
    behind(
      `latency-${product}`,
      `${product}: ${say('page.overview.latency')}`,
      heads,
      buckets.map(({ name, count }) => [name, String(count)]),
    ),
  ];
}

function outcomes({ codes: { real, test } }: CallsShown): { readonly good: number; readonly refused: number } {
  const all = [...Object.entries(real), ...Object.entries(test)];
  const counted = (isGood: boolean) => sum(all.filter(([code]) => GOOD.has(code) === isGood).map(([, count]) => count));
  return { good: counted(true), refused: counted(false) };
}

function codes({ codes: { real, test } }: CallsShown): string {
  const total = new Map<string, number>();
  for (const [code, count] of [...Object.entries(real), ...Object.entries(test)]) {
    total.set(code, (total.get(code) ?? 0) + count);
  }
  return [...total].map(([code, count]) => `${code} × ${count}`).join(', ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
