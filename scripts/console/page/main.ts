import type { Setup } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { casesView } from './cases-view.ts';
import { certifyView, pickProduct } from './certify-view.ts';
import { pick } from './debug.ts';
import { debugForm } from './debug-form.ts';
import { answerPanel, requestPanel } from './debug-result.ts';
import {
  DEPLOYED_VIEWS,
  deployedKeys,
  deployedPlace,
  LOOK_AT_DEPLOYED_EVERY_MS,
  lookAtDeployed,
  type Views,
} from './deployed.ts';
import { loadCases } from './dial.ts';
import { type Child, h, refresh, region } from './element.ts';
import { instancesView, lookAgain } from './instances-view.ts';
import { loadStates, openApisView } from './open-apis-view.ts';
import { ask, takeToken } from './server.ts';
import { state } from './state.ts';
import { currentLocale, say, saySaid, switchLocale } from './words.ts';

/** Views of `npm start`; those of a deployed installation are others. */
const LOCAL_VIEWS: Views = {
  debug: () =>
    h(
      'div',
      { class: 'columns' },
      region('form', debugForm),
      h(
        'div',
        {},
        region('answer', answerPanel, 'section', { class: 'card' }),
        region('request', requestPanel, 'section', { class: 'card' }),
      ),
    ),
  cases: casesView,
  instances: instancesView,
  certify: certifyView,
  'open-apis': openApisView,
};

/** Interval between two looks at the instances while they are shown, milliseconds. */
const LOOK_EVERY = 2_000;

const views = (): Views => (state.setup.deployed === undefined ? LOCAL_VIEWS : DEPLOYED_VIEWS);

function viewName(): string {
  const names = Object.keys(views());
  const [asked = ''] = location.hash.slice(1).split('/');
  return names.find((name) => name === asked) ?? names[0] ?? '';
}

function shell(): Child {
  return [
    h('a', { class: 'skip', href: '#main', on: { click: skip } }, say('page.skip')),
    h(
      'header',
      { class: 'top' },
      h(
        'span',
        { class: 'brand' },
        h('b', {}, 'KooGate'),
        h('span', {}, say(state.setup.deployed ? 'page.deployed.title' : 'page.title')),
      ),
      region('nav', navigation, 'div', { class: 'nav' }),
      h(
        'button',
        {
          id: 'language',
          type: 'button',
          class: 'quiet',
          lang: currentLocale() === 'zh' ? 'en' : 'zh-CN',
          'aria-label': say('page.language.label'),
          on: { click: changeLanguage },
        },
        say('page.language'),
      ),
      deployedPlace(),
    ),
    region('problem', problemBar, 'div', { role: 'alert' }),
    h('div', { id: 'said', role: 'status', class: 'unseen' }),
    h(
      'main',
      { id: 'main', tabindex: '-1' },
      h('h1', { class: 'unseen' }, say(`page.view.${viewName()}`)),
      views()[viewName()]?.(),
    ),
    h('footer', {}, say('page.keys', { list: state.setup.deployed ? deployedKeys() : say('page.keys.list') })),
  ];
}

function navigation(): Child {
  return h(
    'nav',
    { 'aria-label': say('page.views') },
    Object.keys(views()).map((name) =>
      h(
        'a',
        { id: `view-${name}`, href: `#${name}`, 'aria-current': name === viewName() ? 'page' : undefined },
        say(`page.view.${name}`),
        name === 'cases' && state.cases.length > 0 && h('span', { class: 'count' }, String(state.cases.length)),
      ),
    ),
  );
}

function problemBar(): Child {
  const { problem } = state;
  return problem !== undefined && h('p', { class: 'problem' }, saySaid(problem));
}

/** Without losing the view that the address names. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function draw(): void {
  document.documentElement.lang = currentLocale() === 'zh' ? 'zh-CN' : 'en';
  document.title = `${say(`page.view.${viewName()}`)} · KooGate`;
  refresh('page');
}

function changeLanguage(): void {
  switchLocale();
  draw();
}

async function enterView(): Promise<void> {
  state.problem = undefined;
  draw();
  if (state.setup.deployed !== undefined) await lookAtDeployed(viewName());
  if (viewName() === 'instances') await lookAgain();
  if (viewName() === 'open-apis') await loadStates();
}

/** Views by number, and the view's own action; both also work from within a field. */
function shortcut(event: KeyboardEvent): void {
  const { altKey, shiftKey, ctrlKey, metaKey, code, key } = event;
  const name = altKey && shiftKey ? Object.keys(views())[Number(/^Digit([1-9])$/.exec(code)?.[1]) - 1] : undefined;
  if (name !== undefined) {
    event.preventDefault();
    location.hash = `#${name}`;
    document.getElementById(`view-${name}`)?.focus();
  } else if (key === 'Enter' && (ctrlKey || metaKey)) {
    event.preventDefault();
    const main = document.querySelector('[data-primary]');
    if (main instanceof HTMLButtonElement) main.click();
  }
}

function locked(): Child {
  return h(
    'main',
    { class: 'locked' },
    h('h1', {}, say('page.locked.title')),
    h('p', {}, say('page.locked.text')),
    region('problem', problemBar, 'div', { role: 'alert' }),
  );
}

async function start(): Promise<void> {
  const hasToken = takeToken() !== undefined;
  let open = hasToken;
  if (hasToken) {
    open = await attempt(async () => {
      state.setup = await ask<Setup>('/api/setup');
    });
  }
  document.body.append(region('page', () => (open ? shell() : locked()), 'div', { class: 'page' }));
  draw();
  if (!open) return;
  addEventListener('hashchange', () => void enterView());
  addEventListener('keydown', shortcut);
  if (state.setup.deployed !== undefined) {
    setInterval(() => {
      if (!document.hidden) void lookAtDeployed(viewName());
    }, LOOK_AT_DEPLOYED_EVERY_MS);
    await enterView();
    return;
  }
  const [first] = state.setup.products;
  state.product = first?.name ?? '';
  state.openApis.product = state.product;
  pickProduct(state.product);
  setInterval(() => {
    if (viewName() === 'instances' && !document.hidden) void lookAgain();
  }, LOOK_EVERY);
  await Promise.all([pick({ product: state.product }), loadCases()]);
  await enterView();
}

void start();
