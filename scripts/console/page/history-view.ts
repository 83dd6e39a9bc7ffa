import type { FoundInstance, HistoryEvent, InstanceHistory, Notice, UsageLine } from '../deployed/shapes.ts';
import { actPanel, askToAct, credentialsPanel, mayAct } from './act-panel.ts';
import { operated } from './deployed-state.ts';
import { type Child, h, refresh, region } from './element.ts';
import { look } from './look.ts';
import { stateTags } from './orders-view.ts';
import { button, mark } from './parts.ts';
import { ask } from './server.ts';
import { dateTime, say, sayOr } from './words.ts';

/** View of one instance: what happened to it, and what can be done. */
export function historyView(): Child {
  return region('history', shown);
}

/** The instance that the address names. */
function named(): Pick<FoundInstance, 'product' | 'instanceId'> | undefined {
  const [view, product = '', instanceId = ''] = location.hash.slice(1).split('/').map(decodeURIComponent);
  return view === 'history' && instanceId !== '' ? { product, instanceId } : undefined;
}

/** Reads the history anew; it is drawn only if something changed. */
export async function lookAtHistory(): Promise<void> {
  const at = named();
  const before = operated.history;
  if (at === undefined || before?.summary.instanceId !== at.instanceId) {
    Object.assign(operated, { history: undefined, credentials: undefined, acted: '' });
  }
  if (at !== undefined) {
    await look(async () => {
      const history = await ask<InstanceHistory>('/api/history', at);
      if (named()?.instanceId === at.instanceId) operated.history = history; // else another was opened meanwhile
    });
  }
  if (JSON.stringify(operated.history) !== JSON.stringify(before)) refresh('history');
}

function shown(): Child {
  const { history } = operated;
  if (history === undefined) {
    return h('p', { class: 'empty' }, say(named() === undefined ? 'page.history.none' : 'page.loading'));
  }
  const { events, notice, usage } = history;
  return h(
    'div',
    { class: 'columns' },
    h(
      'div',
      {},
      h('section', { class: 'card' }, facts(history)),
      region('act-panel', actPanel, 'section', { class: 'card' }),
      history.hasCredentials && region('credentials', credentialsPanel, 'section', { class: 'card' }),
      usage.length > 0 && h('section', { class: 'card' }, usageTable(usage)),
    ),
    h(
      'div',
      {},
      h(
        'section',
        { class: 'card' },
        h('h2', {}, say('page.history.events')),
        h('ol', { class: 'timeline' }, events.map(eventLine)),
        h('p', { class: 'hint' }, say('page.history.calls')),
      ),
      notice !== undefined && h('section', { class: 'card' }, noticePart(notice)),
    ),
  );
}

function facts({ summary, chain, closesAt }: InstanceHistory): Child {
  const { product, instanceId, orderId, orderLineId, createdAt, expiresAt, lastError } = summary;
  const kind = chain === 'valid' ? 'ok' : chain === 'broken' ? 'fail' : 'warn';
  const fact = (name: string, value: string) => [h('dt', {}, say(`page.orders.head.${name}`)), h('dd', {}, value)];
  return [
    h('h2', { class: 'id' }, instanceId),
    stateTags(summary),
    h(
      'dl',
      { class: 'credentials facts' },
      fact('product', product),
      fact('order', `${orderId} ${orderLineId}`),
      fact('bought', dateTime(createdAt)),
      expiresAt !== undefined && fact('expires', dateTime(expiresAt)),
    ),
    h('p', { class: 'chain' }, mark(kind), say(`page.history.chain.${chain}`)),
    closesAt !== undefined && h('p', { class: 'fail-text' }, say('page.history.closes', { time: dateTime(closesAt) })),
    lastError !== undefined && h('p', { class: 'reason' }, lastError),
  ];
}

function noticePart({ orderId, orderLineId, events }: Notice): Child {
  return [
    h('h2', {}, say('page.history.notice')),
    h('p', { class: 'id' }, `${orderId} ${orderLineId}`),
    h('ol', { class: 'timeline' }, events.map(eventLine)),
  ];
}

const MARKS: Readonly<Record<string, 'ok' | 'fail' | 'warn'>> = {
  done: 'ok',
  moot: 'ok',
  failed: 'fail',
  refused: 'fail',
  acted: 'warn',
};

function eventLine(event: HistoryEvent): HTMLElement {
  const { at, what } = event;
  const kind = what === 'next' && (event.attempts ?? 0) > 0 ? 'warn' : MARKS[what];
  return h(
    'li',
    { class: `event ${what}` },
    h('time', { datetime: new Date(at).toISOString() }, dateTime(at)),
    h('div', {}, kind !== undefined && mark(kind), ...words(event)),
  );
}

function words(event: HistoryEvent): Child[] {
  if (event.what === 'acted') {
    const { action, by, subject } = event;
    const name = sayOr(`page.history.action.${action}`, action);
    return [
      h('strong', {}, say('page.history.acted', { action: name, by })),
      subject !== undefined && h('span', { class: 'dim' }, ` · ${subject}`),
    ];
  }
  const { what, reason, attempts = 0, milliseconds, orderId, scene } = event;
  const change = event.change === undefined ? '' : sayOr(`page.change.${event.change}`, event.change);
  const details = [
    scene,
    orderId !== undefined && say('page.event.order', { orderId }),
    (attempts > 1 || what === 'next') && attempts > 0 && say('page.event.attempts', { attempts }),
    milliseconds !== undefined && say('page.milliseconds', { milliseconds }),
  ].filter((one) => typeof one === 'string');
  return [
    h('strong', {}, say(`page.event.${what}`, { change })),
    details.length > 0 && h('span', { class: 'dim' }, ` · ${details.join(' · ')}`),
    reason !== undefined && h('p', { class: 'reason' }, reason),
  ];
}

function usageTable(usage: readonly UsageLine[]): Child {
  const heads = ['period', 'value', 'state', ...(mayAct() ? ['act'] : [])];
  return [
    h('h2', {}, say('page.history.usage')),
    h(
      'div',
      { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': say('page.history.usage') },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map((name) => h('th', { scope: 'col' }, say(`page.history.usage.${name}`))),
          ),
        ),
        h('tbody', {}, usage.map(usageRow)),
      ),
    ),
  ];
}

function usageRow({ name, begin, end, value, state, reason }: UsageLine): HTMLElement {
  const actions = { due: ['reject', 'requeue'], unchecked: ['reject'], rejected: ['requeue'], accepted: [] } as const;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, `${dateTime(begin)} – ${dateTime(end)}`),
    h('td', {}, value),
    h('td', {}, say(`page.usage.state.${state}`), reason !== undefined && h('p', { class: 'dim' }, reason)),
    mayAct() &&
      h(
        'td',
        {},
        h(
          'div',
          { class: 'actions' },
          actions[state].map((action) =>
            button(
              `usage-${action}-${name}`,
              say(`page.act.usage-${action}`),
              () => askToAct(`usage-${action}`, name),
              {
                kind: 'quiet',
              },
            ),
          ),
        ),
      ),
  );
}
