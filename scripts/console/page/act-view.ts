import type { FailingLine, WaitingUsageLine } from '../deployed/shapes.ts';
import { operated } from './deployed-state.ts';
import { type Child, h, refresh, region } from './element.ts';
import { look } from './look.ts';
import { historyAddress } from './orders-view.ts';
import { dataTable } from './plots.ts';
import { ask } from './server.ts';
import { dateTime, say, sayOr } from './words.ts';

/** View of what calls for somebody: each line leads to where it can be acted on. */
export function actView(): Child {
  return [
    region('failing', () => failingTable(operated.failing), 'section', { class: 'card' }),
    region('waiting-usage', usageTable, 'section', { class: 'card' }),
  ];
}

/** Reads what fails anew; it is drawn only if something changed. */
export async function lookAtFailing(): Promise<void> {
  const shown = () => JSON.stringify([operated.failing, operated.waitingUsage]);
  const before = shown();
  await look(async () => {
    operated.failing = await ask<FailingLine[]>('/api/failing');
    operated.waitingUsage = await ask<WaitingUsageLine[]>('/api/waiting-usage');
  });
  if (shown() !== before) refresh('failing', 'waiting-usage');
}

/** Changes that fail; what closes first stands on top. */
export function failingTable(failing: readonly FailingLine[] | undefined): Child {
  const title = h('h2', {}, say('page.todo.failing'));
  if (failing === undefined) return [title, h('p', { class: 'empty' }, say('page.loading'))];
  if (failing.length === 0) return [title, h('p', { class: 'empty' }, say('page.todo.none'))];
  const heads = ['id', 'change', 'attempts', 'next', 'closes', 'reason'];
  return [
    title,
    h(
      'div',
      { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': say('page.todo.failing') },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map((name) => h('th', { scope: 'col' }, say(`page.todo.head.${name}`))),
          ),
        ),
        h('tbody', {}, failing.map(row)),
      ),
    ),
  ];
}

/** Changes of instances; the rest is known by other ids, and has no history of its own here. */
const OF_INSTANCES: ReadonlySet<string> = new Set([
  'provision',
  'cleanUp',
  'renew',
  'freeze',
  'unfreeze',
  'upgrade',
  'release',
]);

function row({ product, id, kind, attempts, nextAt, closesAt, reason }: FailingLine): HTMLElement {
  const isInstance = OF_INSTANCES.has(kind);
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row', class: 'id' },
      isInstance ? h('a', { id: `failing-${id}`, href: historyAddress({ product, instanceId: id }) }, id) : id,
    ),
    h('td', {}, sayOr(`page.change.${kind}`, kind)),
    h('td', {}, String(attempts)),
    h('td', {}, dateTime(nextAt)),
    h('td', {}, closesAt === undefined ? '' : dateTime(closesAt)),
    h('td', { class: 'wide' }, reason),
  );
}

/** Usage that waits for its push; each line leads to its instance, where it can be settled. */
function usageTable(): Child {
  const { waitingUsage } = operated;
  const title = h('h2', {}, say('page.todo.usage'));
  if (waitingUsage.length === 0) return [title, h('p', { class: 'empty' }, say('page.overview.usage.none'))];
  const heads = [
    say('page.orders.head.instance'),
    ...['period', 'value', 'state'].map((name) => say(`page.history.usage.${name}`)),
  ];
  const rows = waitingUsage.map((one) => [
    h('a', { class: 'id', id: `usage-${one.name}`, href: historyAddress(one) }, one.instanceId),
    `${dateTime(one.begin)} – ${dateTime(one.end)}`,
    one.value,
    [say(`page.usage.state.${one.state}`), one.reason !== undefined && h('p', { class: 'dim' }, one.reason)],
  ]);
  return [title, dataTable(say('page.todo.usage'), heads, rows)];
}
