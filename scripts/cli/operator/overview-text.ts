import type { KeyUse } from '../../../lib/operations/calls-seen.ts';
import type { Overview, ProductOverview } from '../../../lib/operations/overview.ts';
import type { Locale } from '../../language/sentence.ts';
import type { Say } from '../messages/index.ts';
import { asTable, shortTime } from './usage/table-text.ts';

/** Heights of a plot's columns, from little to much. */
const COLUMNS = '▁▂▃▄▅▆▇█';

/** The picture of an installation beside what waits: delisting figures, calls, keys, alarms, and the limits of it all. */
export function overviewText({ products, alarms, isCut, unseen }: Overview, say: Say, locale: Locale): string {
  const heads = (names: readonly string[]) => names.map((name) => say(`status.head.${name}`));
  const [first] = products;
  const calls = asTable(
    heads(['product', 'verified', 'unverified', 'answers', 'latency', 'hours']),
    products.map((one) => callsRow(one, say)),
  );
  const keys = products.flatMap((one) => one.keys.map((key) => [one.product, ...keyRow(key, say)]));
  return [
    ...(isCut ? [say('status.cut')] : []),
    ...(first === undefined ? [] : [say('status.delisting', { since: shortTime(first.delisting.month) })]),
    asTable(
      heads(['product', 'failed-orders', 'failed-days', 'last-test']),
      products.map((one) => delistingRow(one, say)),
    ),
    [say('status.unseen'), ...unseen.map(({ text }) => `  * ${text[locale]}`)].join('\n'),
    say('status.calls'),
    calls,
    ...(keys.length === 0
      ? [say('status.no-keys')]
      : [asTable(heads(['product', 'class', 'fingerprint', 'place', 'last-seen', 'removable']), keys)]),
    alarms.length === 0
      ? say('status.no-alarms')
      : say('status.alarms', { alarms: alarms.map(({ rule, group }) => `${rule} ${group}`.trim()).join(', ') }),
  ].join('\n\n');
}

function delistingRow({ product, delisting, lastDialTest }: ProductOverview, say: Say): readonly string[] {
  const { failedOrders, mostFailedOrders, failedDays, mostFailedDays } = delisting;
  return [
    product,
    say('status.at-least', { count: failedOrders, most: mostFailedOrders }),
    say('status.of', { count: failedDays, most: mostFailedDays }),
    lastDialTest === undefined ? say('status.no-test') : `${shortTime(lastDialTest.at)} ${lastDialTest.resultCode}`,
  ];
}

function callsRow({ product, calls }: ProductOverview, say: Say): readonly string[] {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const codes = new Map<string, number>();
  for (const hour of calls) {
    for (const [code, count] of [...Object.entries(hour.codes.real), ...Object.entries(hour.codes.test)]) {
      codes.set(code, (codes.get(code) ?? 0) + count);
    }
  }
  const answers = [...codes].toSorted().map(([code, count]) => `${code}×${count}`);
  const latency = (calls[0]?.latency ?? []).map(({ upToMs }, index) => {
    const count = sum(calls.map((hour) => hour.latency[index]?.count ?? 0));
    const end = upToMs === undefined ? say('status.slower') : `≤${upToMs} ms`;
    return count === 0 ? '' : `${end} ${count}`;
  });
  return [
    product,
    String(sum(calls.map(({ verified }) => verified))),
    String(sum(calls.map(({ unverified }) => unverified))),
    answers.join(' ') || '–',
    latency.filter(Boolean).join(', ') || '–',
    plot(calls.map(({ verified, unverified }) => verified + unverified)),
  ];
}

/** One column a number; a dot is none. */
function plot(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? '·' : COLUMNS[Math.ceil((count / most) * COLUMNS.length) - 1])).join('');
}

function keyRow({ keyClass, fingerprint, isNewest, lastAt, removableSince }: KeyUse, say: Say): readonly string[] {
  const place = say(isNewest ? 'keys-status.newest' : 'keys-status.older');
  return [keyClass, fingerprint, place, shortTime(lastAt), isNewest ? '' : removableText(removableSince, say)];
}

/** Says since when an older key may be removed. */
export function removableText(since: number | undefined, say: Say): string {
  return since === undefined ? say('keys-status.not-yet') : say('keys-status.since', { at: shortTime(since) });
}
