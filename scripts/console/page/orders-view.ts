import {
  type FoundInstance,
  type FoundInstances,
  type ScanAsked,
  type ScanLine,
  STATES,
  TROUBLES,
} from '../deployed/shapes.ts';
import type { Said } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { type OrderSearch, operated } from './deployed-state.ts';
import { announce, type Child, h, refresh, region } from './element.ts';
import { button, choice } from './parts.ts';
import { ask, askLines, Refusal } from './server.ts';
import { state } from './state.ts';
import { dateTime, say } from './words.ts';

const DAY_MS = 86_400_000;

/** View in which orders and instances are found. */
export function ordersView(): Child {
  return [
    h(
      'div',
      { class: 'columns' },
      region('find', findForm, 'section', { class: 'card' }),
      region('scan', scanForm, 'section', { class: 'card' }),
    ),
    region('results', results, 'section', { class: 'card' }),
  ];
}

/** Address of an instance's history within the page. */
export function historyAddress({ product, instanceId }: Pick<FoundInstance, 'product' | 'instanceId'>): string {
  return `#history/${encodeURIComponent(product)}/${encodeURIComponent(instanceId)}`;
}

/** State of an instance, and where it is going. */
export function stateTags({ state: is, wanted, waiting, setAside }: FoundInstance): HTMLElement {
  const named = (name: string) => say(`page.deployed.state.${name}`);
  return h(
    'span',
    { class: 'tags' },
    h('span', { class: `tag state-${is}` }, named(is)),
    wanted !== is &&
      is !== 'FAILED' &&
      h('span', { class: 'tag' }, say('page.deployed.wanted', { wanted: named(wanted) })),
    waiting > 0 && h('span', { class: 'tag warn' }, say('page.deployed.waiting', { count: waiting })),
    setAside > 0 && h('span', { class: 'tag fail' }, say('page.deployed.set-aside', { count: setAside })),
  );
}

function findForm(): Child {
  const { search } = operated;
  return h(
    'form',
    { on: { submit: submitted(find) } },
    h('h2', {}, say('page.orders.find')),
    field('orders-id', say('page.orders.id'), 'id', 'text'),
    choice(
      'orders-by',
      say('page.orders.by'),
      search.by,
      [
        ['order', say('page.orders.by.order')],
        ['customer', say('page.orders.by.customer')],
      ],
      (by) => {
        search.by = by;
      },
    ),
    h('div', { class: 'actions' }, submit('orders-find', say('page.orders.find'), true)),
    h('p', { class: 'hint' }, say('page.orders.hint')),
  );
}

function scanForm(): Child {
  const { search, stopScan } = operated;
  const any: readonly [string, string] = ['', say('page.orders.any')];
  const pick = (name: 'product' | 'state' | 'trouble') => (value: string) => {
    search[name] = value;
  };
  const products = state.setup.deployed?.products ?? [];
  return h(
    'form',
    { on: { submit: submitted(scan) } },
    h('h2', {}, say('page.orders.scan')),
    h(
      'div',
      { class: 'picks' },
      choice(
        'scan-product',
        say('page.product'),
        search.product,
        [any, ...products.map(({ id, name }): [string, string] => [id, name])],
        pick('product'),
      ),
      choice(
        'scan-state',
        say('page.orders.state'),
        search.state,
        [any, ...STATES.map((one): [string, string] => [one, say(`page.deployed.state.${one}`)])],
        pick('state'),
      ),
      choice(
        'scan-trouble',
        say('page.orders.trouble'),
        search.trouble,
        [any, ...TROUBLES.map((one): [string, string] => [one, say(`page.orders.trouble.${one}`)])],
        pick('trouble'),
      ),
      field('scan-from', say('page.orders.from'), 'from', 'date'),
      field('scan-until', say('page.orders.until'), 'until', 'date'),
      field('scan-order', say('page.orders.order'), 'order', 'text'),
    ),
    h(
      'div',
      { class: 'actions' },
      stopScan === undefined
        ? submit('scan-start', say('page.orders.scan'))
        : button('scan-stop', say('page.orders.stop'), () => stopScan.abort()),
    ),
    region('scan-progress', progress),
    h('p', { class: 'hint' }, say('page.orders.scan.hint')),
  );
}

function progress(): Child {
  const { scan: at, stopScan } = operated;
  if (at === undefined) return undefined;
  const { read, matched, done, isStopped } = at;
  const id = done ? 'page.orders.done' : isStopped ? 'page.orders.stopped' : 'page.orders.progress';
  const text = say(id, { read, matched });
  return [stopScan !== undefined && h('progress', { 'aria-label': text }), h('p', { class: 'hint' }, text)];
}

function results(): Child {
  const { found, scan: at, listed } = operated;
  const title = h('h2', {}, say('page.orders.results'));
  if (listed.length === 0) {
    const text =
      found !== undefined && at === undefined
        ? say(found.hasNoIndex ? 'page.orders.no-index' : 'page.orders.nothing', { id: found.id })
        : at === undefined
          ? say('page.orders.empty')
          : '';
    return [title, h('p', { class: 'empty' }, text)];
  }
  const isCut = at !== undefined && at.matched > listed.length;
  const heads = ['instance', 'order', 'product', 'state', 'bought', 'expires'];
  return [
    title,
    isCut && h('p', { class: 'hint' }, say('page.orders.newest', { count: listed.length })),
    h(
      'div',
      { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': say('page.orders.results') },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map((name) => h('th', { scope: 'col' }, say(`page.orders.head.${name}`))),
          ),
        ),
        h('tbody', {}, listed.map(row)),
      ),
    ),
  ];
}

function row(item: FoundInstance): HTMLElement {
  const { product, instanceId, orderId, createdAt, expiresAt } = item;
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row', class: 'id' },
      h('a', { id: `open-${product}-${instanceId}`, href: historyAddress(item) }, instanceId),
    ),
    h('td', { class: 'id' }, orderId),
    h('td', {}, product),
    h('td', {}, stateTags(item)),
    h('td', {}, dateTime(createdAt)),
    h('td', {}, expiresAt === undefined ? '' : dateTime(expiresAt)),
  );
}

function field(id: string, label: string, name: Exclude<keyof OrderSearch, 'by'>, type: 'text' | 'date'): HTMLElement {
  const { search } = operated;
  const input = h('input', {
    id,
    type,
    spellcheck: 'false',
    autocomplete: 'off',
    value: search[name],
    on: {
      input: () => {
        search[name] = input.value;
      },
    },
  });
  return h('div', { class: 'field' }, h('label', { for: id }, label), input);
}

function submit(id: string, text: string, isMain = false): HTMLElement {
  return h('button', { id, type: 'submit', class: isMain ? 'main' : '', 'data-primary': isMain }, text);
}

function submitted(work: () => Promise<void>): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    void work();
  };
}

async function find(): Promise<void> {
  const { search } = operated;
  const id = search.id.trim();
  if (id === '') {
    document.getElementById('orders-id')?.focus();
    return;
  }
  operated.stopScan?.abort();
  await attempt(async () => {
    const found = await ask<FoundInstances>('/api/find', { id, isCustomer: search.by === 'customer' });
    Object.assign(operated, { found: { ...found, id }, scan: undefined, listed: found.items });
    const [only, ...more] = found.items;
    if (only !== undefined && more.length === 0) location.hash = historyAddress(only);
    else announce(found.items.length === 0 ? say('page.orders.nothing', { id }) : String(found.items.length));
  });
  refresh('results', 'scan-progress');
}

async function scan(): Promise<void> {
  const stop = new AbortController();
  Object.assign(operated, { stopScan: stop, scan: { read: 0, matched: 0, done: false, isStopped: false }, listed: [] });
  refresh('scan', 'results');
  await attempt(() => askLines<ScanLine | { problem: Said }>('/api/scan', asked(), take, stop.signal)).catch(
    (error) => {
      if (!stop.signal.aborted) throw error;
    },
  );
  if (stop.signal.aborted) {
    state.problem = undefined;
    if (operated.scan !== undefined) operated.scan = { ...operated.scan, isStopped: true };
  }
  operated.stopScan = undefined;
  announce(
    operated.scan === undefined
      ? ''
      : say('page.orders.progress', { read: operated.scan.read, matched: operated.scan.matched }),
  );
  refresh('problem', 'scan', 'results');
}

function take(line: ScanLine | { readonly problem: Said }): void {
  if ('problem' in line) throw new Refusal(line.problem);
  operated.scan = { ...line, isStopped: false };
  refresh('scan-progress');
  if (line.items === undefined) return;
  operated.listed = line.items;
  refresh('results');
}

/** Query that the form asks for; days are those of the person's own clock. */
function asked(): ScanAsked {
  const { product, state: is, trouble, from, until, order } = operated.search;
  const day = (text: string) => new Date(`${text}T00:00:00`).getTime();
  return {
    ...(product !== '' && { product }),
    ...(is !== '' && { state: is as NonNullable<ScanAsked['state']> }),
    ...(trouble !== '' && { trouble: trouble as NonNullable<ScanAsked['trouble']> }),
    ...(from !== '' && { from: day(from) }),
    ...(until !== '' && { until: day(until) + DAY_MS }),
    ...(order.trim() !== '' && { order: order.trim() }),
  };
}
