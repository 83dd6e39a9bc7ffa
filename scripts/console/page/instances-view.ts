import type { Cleared, Subject, Timeline, TimelineEvent } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { announce, type Child, h, refresh, region } from './element.ts';
import { button, choice, mark } from './parts.ts';
import { ask } from './server.ts';
import { state } from './state.ts';
import { dateTime, say, sayOr } from './words.ts';

/** View of what was bought, and of what happened to it. */
export function instancesView(): Child {
  return h(
    'div',
    { class: 'columns' },
    region('subjects', subjectList, 'section', { class: 'card' }),
    region('timeline', timelinePanel, 'section', { class: 'card beside' }),
  );
}

/** Reads both lists anew; they are drawn only if something changed. */
export async function lookAgain(): Promise<void> {
  const before = JSON.stringify([state.subjects, state.timeline]);
  await attempt(async () => {
    const { product } = state;
    const subjects = await ask<Subject[]>('/api/instances', { product });
    const key = state.timeline?.subject.key;
    const timeline =
      key && subjects.some((one) => one.key.pk === key.pk)
        ? await ask<Timeline>('/api/timeline', { product, key })
        : undefined;
    if (product !== state.product || key !== state.timeline?.subject.key) return; // another was picked meanwhile
    Object.assign(state, { subjects, timeline });
  });
  if (JSON.stringify([state.subjects, state.timeline]) === before) return;
  keepInPlace('timeline-title', () => refresh('subjects', 'timeline'));
}

/** Draws, and scrolls by as much as what is read has moved: the list above a timeline grows and shrinks. */
function keepInPlace(id: string, draw: () => void): void {
  const top = () => document.getElementById(id)?.getBoundingClientRect().top;
  const before = top();
  draw();
  const after = top();
  if (before === undefined || after === undefined || before < 0 || before > innerHeight) return;
  scrollBy({ top: after - before, behavior: 'instant' });
}

function subjectList(): Child {
  const { product, setup, hidesRehearsals } = state;
  const rehearsals = state.subjects.filter(({ rehearsal }) => rehearsal).length;
  const subjects = state.subjects.filter(({ rehearsal }) => !(hidesRehearsals && rehearsal));
  return [
    h('h2', {}, say('page.instances.list', { product })),
    h(
      'div',
      { class: 'actions' },
      choice(
        'instances-product',
        say('page.product'),
        product,
        setup.products.map(({ name }) => [name, name]),
        pickProduct,
      ),
      button('look', say('page.instances.refresh'), lookAgain, { primary: true }),
    ),
    rehearsals > 0 && rehearsalTools(rehearsals),
    subjects.length === 0
      ? h('p', { class: 'empty' }, say('page.instances.none'))
      : h(
          'ul',
          { class: 'subjects' },
          subjects.map((subject) => h('li', {}, subjectButton(subject))),
        ),
  ];
}

/** Instances of `chaos` and `simulate life`: left out of the list, or out of the table. */
function rehearsalTools(count: number): HTMLElement {
  return h(
    'div',
    { class: 'actions rehearsals' },
    h(
      'span',
      { class: 'tick' },
      h('input', { id: 'hide-rehearsals', type: 'checkbox', checked: state.hidesRehearsals, on: { change: hide } }),
      h('label', { for: 'hide-rehearsals' }, say('page.instances.hide', { count })),
    ),
    button('clear-rehearsals', say('page.instances.clear'), clear, { kind: 'quiet' }),
  );
}

function hide(): void {
  state.hidesRehearsals = !state.hidesRehearsals;
  refresh('subjects');
}

async function clear(): Promise<void> {
  if (!confirm(say('page.instances.clear.ask', { product: state.product }))) return;
  await attempt(async () => {
    const { cleared, busy } = await ask<Cleared>('/api/instances/clear', { product: state.product });
    announce(say(busy === 0 ? 'page.instances.cleared' : 'page.instances.cleared.busy', { cleared, busy }));
  });
  await lookAgain();
}

function stateTag(is: string): HTMLElement {
  return h('span', { class: `tag state-${is}`, title: is }, sayOr(`page.state.${is}`, is));
}

function subjectButton(subject: Subject): HTMLElement {
  const { key, id, kind, state: is, waiting, setAside, createdAt } = subject;
  const chosen = state.timeline?.subject.key.pk === key.pk && state.timeline.subject.key.sk === key.sk;
  return h(
    'button',
    {
      id: `subject-${key.pk}-${key.sk}`,
      type: 'button',
      class: 'subject',
      'aria-pressed': String(chosen),
      on: { click: () => show(subject) },
    },
    h('span', { class: 'id' }, id),
    h(
      'span',
      { class: 'tags' },
      kind !== 'instance' && h('span', { class: 'tag' }, say(`page.instances.kind.${kind}`)),
      is !== undefined && stateTag(is),
      waiting > 0 && h('span', { class: 'tag warn' }, say('page.instances.waiting', { count: waiting })),
      setAside > 0 && h('span', { class: 'tag fail' }, say('page.instances.set-aside', { count: setAside })),
    ),
    h('span', { class: 'dim' }, say('page.instances.created', { time: dateTime(createdAt) })),
  );
}

function timelinePanel(): Child {
  const { timeline, retried } = state;
  const title = h('h2', { id: 'timeline-title', tabindex: '-1' }, say('page.instances.timeline'));
  if (timeline === undefined) return [title, h('p', { class: 'empty' }, say('page.instances.pick'))];
  const { subject, events } = timeline;
  return [
    title,
    h('p', { class: 'narrow' }, button('back-to-list', say('page.instances.back'), backToList, { kind: 'quiet' })),
    h('p', { class: 'id' }, subject.id),
    h(
      'p',
      { class: 'tags' },
      subject.state !== undefined && stateTag(subject.state),
      subject.wanted !== undefined &&
        subject.wanted !== subject.state &&
        h(
          'span',
          { class: 'tag' },
          say('page.instances.wanted', { wanted: sayOr(`page.state.${subject.wanted}`, subject.wanted) }),
        ),
    ),
    subject.setAside > 0 && h('div', { class: 'actions' }, button('retry', say('page.instances.retry'), retry)),
    h('p', { class: 'hint' }, retried === undefined ? '' : say('page.instances.retried', { count: retried })),
    h('ol', { class: 'timeline' }, events.map(eventLine)),
  ];
}

const MARKS: Readonly<Record<string, 'ok' | 'fail' | 'warn'>> = {
  done: 'ok',
  moot: 'ok',
  failed: 'fail',
  refused: 'fail',
};

function eventLine(event: TimelineEvent): HTMLElement {
  const { what, at, reason, attempts = 0, milliseconds, orderId, scene, code } = event;
  const change = event.change === undefined ? '' : sayOr(`page.change.${event.change}`, event.change);
  const bad = what === 'called' && code !== undefined && code !== '000000' && code !== '000004';
  const kind = bad || (what === 'next' && attempts > 0) ? 'warn' : MARKS[what];
  const details = [
    scene,
    orderId !== undefined && say('page.event.order', { orderId }),
    (attempts > 1 || what === 'next') && attempts > 0 && say('page.event.attempts', { attempts }),
    milliseconds !== undefined && say('page.milliseconds', { milliseconds }),
  ].filter((one) => typeof one === 'string');
  return h(
    'li',
    { class: `event ${what}` },
    h('time', { datetime: new Date(at).toISOString() }, dateTime(at)),
    h(
      'div',
      {},
      kind !== undefined && mark(kind),
      h('strong', {}, say(`page.event.${what}`, { change, ...(code !== undefined && { code }) })),
      details.length > 0 && h('span', { class: 'dim' }, ` · ${details.join(' · ')}`),
      reason !== undefined && h('p', { class: 'reason' }, reason),
    ),
  );
}

async function pickProduct(product: string): Promise<void> {
  Object.assign(state, { product, subjects: [], timeline: undefined, retried: undefined });
  refresh('timeline');
  await lookAgain();
  refresh('subjects');
}

/** The list may be long, and the timeline below it where the window is narrow. */
function bringIntoSight(): void {
  const title = document.getElementById('timeline-title');
  if (!matchMedia('(max-width: 60rem)').matches) return;
  title?.scrollIntoView();
  title?.focus({ preventScroll: true });
}

function backToList(): void {
  const key = state.timeline?.subject.key;
  const chosen = key && document.getElementById(`subject-${key.pk}-${key.sk}`);
  chosen?.scrollIntoView({ block: 'center' });
  chosen?.focus({ preventScroll: true });
}

async function show({ key }: Subject): Promise<void> {
  state.retried = undefined;
  await attempt(async () => {
    state.timeline = await ask<Timeline>('/api/timeline', { product: state.product, key });
  });
  refresh('subjects', 'timeline');
  bringIntoSight();
}

async function retry(): Promise<void> {
  const key = state.timeline?.subject.key;
  if (key === undefined) return;
  await attempt(async () => {
    const { queued } = await ask<{ queued: number }>('/api/retry', { product: state.product, key });
    state.retried = queued;
    announce(say('page.instances.retried', { count: queued }));
  });
  await lookAgain();
  refresh('timeline');
}
