import type { OverviewShown, ProductShown } from '../deployed/shapes.ts';
import { failingTable } from './act-view.ts';
import { callsTile, latencyTile } from './calls-plot.ts';
import { operated } from './deployed-state.ts';
import { type Child, h, refresh, region } from './element.ts';
import { look } from './look.ts';
import { mark } from './parts.ts';
import { behind, dataTable, type Kind, pips, share } from './plots.ts';
import { ask } from './server.ts';
import { currentLocale, dateTime, say } from './words.ts';

/** Milliseconds for which a picture is shown before the next is taken: it reads 120 items a product. */
const TAKEN_EVERY_MS = 30_000;

let takenAt = Number.NEGATIVE_INFINITY;

/** View of how things stand. */
export function overviewView(): Child {
  takenAt = Number.NEGATIVE_INFINITY;
  return region('overview', picture);
}

/** Takes the picture anew, if the one on show is no longer new. */
export async function lookAtOverview(): Promise<void> {
  if (performance.now() - takenAt < TAKEN_EVERY_MS) return;
  takenAt = performance.now();
  await look(async () => {
    operated.overview = await ask<OverviewShown>('/api/overview');
  });
  refresh('overview');
}

function picture(): Child {
  const { overview } = operated;
  if (overview === undefined) return h('p', { class: 'empty' }, say('page.loading'));
  const { at, products, failing, isCut, unseen } = overview;
  return [
    h('section', { class: 'card' }, alarmList(overview)),
    products.map(productCard),
    h(
      'section',
      { class: 'card' },
      failingTable(failing),
      isCut && h('p', { class: 'hint' }, say('page.overview.cut')),
    ),
    h('section', { class: 'card' }, usageLine(overview)),
    h(
      'section',
      { class: 'card' },
      h('h2', {}, say('page.overview.unseen')),
      h(
        'ul',
        { class: 'unseen-list' },
        unseen.map(({ text }) => h('li', {}, text[currentLocale()])),
      ),
    ),
    h('p', { class: 'hint' }, say('page.overview.at', { time: dateTime(at) })),
  ];
}

function alarmList({ alarms }: OverviewShown): Child {
  const title = h('h2', {}, say('page.overview.alarms'));
  if (alarms.length === 0) return [title, h('p', { class: 'chain' }, mark('ok'), say('page.overview.alarms.none'))];
  const items = alarms.map(({ title: text, advice, group, openedAt }) => {
    const words = { title: text[currentLocale()], group, time: dateTime(openedAt) };
    return h(
      'li',
      { class: 'fail' },
      mark('fail'),
      h('span', {}, say('page.overview.alarm', words), h('p', { class: 'dim' }, advice[currentLocale()])),
    );
  });
  return [title, h('ul', { class: 'marked' }, items)];
}

function productCard(product: ProductShown): HTMLElement {
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, product.product),
    h(
      'div',
      { class: 'tiles' },
      tile(ordersTile(product)),
      tile(daysTile(product)),
      tile(waitingTile(product)),
      tile(callsTile(product)),
      tile(latencyTile(product)),
      h('div', { class: 'tile wide' }, keysTile(product)),
    ),
  );
}

function tile(content: Child): HTMLElement {
  return h('div', { class: 'tile' }, content);
}

function ordersTile({ delisting: { failedOrders: count, mostFailedOrders: most } }: ProductShown): Child {
  const figure = say('page.overview.orders.figure', { count, most });
  const kind: Kind = count > most ? 'fail' : count >= most - 1 ? 'fail' : 'warn';
  const steps = Array.from({ length: Math.max(most, Math.min(count, 2 * most)) }, (_, index) => ({
    kind: index < count ? kind : ('none' as const),
    title: figure,
  }));
  return [
    h('h3', {}, say('page.overview.orders')),
    h('p', { class: `big-figure ${count >= most - 1 ? 'fail-text' : ''}` }, figure),
    pips(`${say('page.overview.orders')}: ${figure}`, steps),
    h('p', { class: 'hint' }, say('page.overview.orders.hint', { most })),
  ];
}

function daysTile({ product, delisting, lastDialTest }: ProductShown): Child {
  const { failedDays: count, mostFailedDays: most, days } = delisting;
  const figure = say('page.overview.days.figure', { count, most });
  const result = ({ tests, isFailed }: (typeof days)[number]) =>
    say(isFailed ? 'page.overview.day.failed' : tests > 0 ? 'page.overview.day.passed' : 'page.overview.day.none');
  const steps = days.map((day) => ({
    kind: day.isFailed ? ('fail' as const) : day.tests > 0 ? ('ok' as const) : ('none' as const),
    title: `${day.day}: ${result(day)}`,
  }));
  const heads = ['day', 'tests', 'result'].map((name) => say(`page.overview.${name}`));
  const rows = days.map((day) => [day.day, String(day.tests), result(day)]);
  const last =
    lastDialTest === undefined
      ? say('page.overview.no-test')
      : say('page.overview.last-test', { time: dateTime(lastDialTest.at), code: lastDialTest.resultCode });
  return [
    h('h3', {}, say('page.overview.days')),
    h('p', { class: `big-figure ${count > 0 ? 'fail-text' : ''}` }, figure),
    pips(`${say('page.overview.days')}: ${figure}`, steps),
    h('p', {}, last),
    h('p', { class: 'hint' }, say('page.overview.days.hint', { most })),
    behind(`days-${product}`, `${product}: ${say('page.overview.days')}`, heads, rows),
  ];
}

function waitingTile({ waiting, failing, oldest }: ProductShown): Child {
  const figure = say('page.overview.waiting.figure', { waiting, failing });
  return [
    h('h3', {}, say('page.overview.waiting')),
    h('p', { class: `big-figure ${failing > 0 ? 'fail-text' : ''}` }, figure),
    waiting > 0 &&
      share(figure, [
        { kind: 'fail', value: failing },
        { kind: 'warn', value: waiting - failing },
      ]),
    oldest !== undefined && h('p', {}, say('page.overview.waiting.oldest', { time: dateTime(oldest) })),
  ];
}

function keysTile({ product, keys }: ProductShown): Child {
  const title = h('h3', {}, say('page.overview.keys'));
  if (keys.length === 0) return [title, h('p', { class: 'hint' }, say('page.overview.keys.none'))];
  const heads = ['class', 'fingerprint', 'last', 'use'].map((name) => say(`page.overview.keys.${name}`));
  const rows = keys.map(({ keyClass, fingerprint, isNewest, lastAt, removableSince }) => [
    keyClass,
    h('span', { class: 'id' }, fingerprint),
    dateTime(lastAt),
    isNewest
      ? say('page.overview.keys.newest')
      : removableSince === undefined
        ? say('page.overview.keys.kept')
        : say('page.overview.keys.removable', { time: dateTime(removableSince) }),
  ]);
  return [title, dataTable(`${product}: ${say('page.overview.keys')}`, heads, rows)];
}

function usageLine({ usage: { records, deadline } }: OverviewShown): Child {
  const text =
    records === 0
      ? say('page.overview.usage.none')
      : say('page.overview.usage.some', { records, deadline: deadline === undefined ? '–' : dateTime(deadline) });
  return [h('h2', {}, say('page.overview.usage')), h('p', {}, text)];
}
