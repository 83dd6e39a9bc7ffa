import type { Report, SavedCase } from '../shapes.ts';
import { open, whatItMeans } from './debug.ts';
import { reportDetails } from './debug-result.ts';
import { dialResult, dialTest, removeCase, runCase, stopDial } from './dial.ts';
import { download } from './download.ts';
import { type Child, h, refresh, region } from './element.ts';
import { button, choice, mark } from './parts.ts';
import { reportText } from './report-text.ts';
import { state } from './state.ts';
import { clockTime, say, sayOr } from './words.ts';

/** Seconds between two runs of a loop. */
const PAUSES = [5, 30, 300, 3_600];

/** Saved cases, and the dial test that sends them all. */
export function casesView(): Child {
  return [
    h('p', { class: 'intro' }, say('page.cases.intro')),
    region('dial', dialBar, 'section', { class: 'card dial' }),
    region('cases', caseList, 'section', {
      class: 'card scrolled',
      tabindex: '0',
      'aria-label': say('page.cases.list'),
    }),
  ];
}

function dialBar(): Child {
  const { running, pause, round } = state.dial;
  const none = state.cases.length === 0;
  return [
    h(
      'div',
      { class: 'actions' },
      button('run-all', say('page.cases.run'), () => dialTest(false), {
        kind: 'main',
        disabled: running || none,
        primary: true,
      }),
      running
        ? button('stop', say('page.cases.stop'), stopDial)
        : button('loop', say('page.cases.loop'), () => dialTest(true), { disabled: none }),
      choice(
        'pause',
        say('page.cases.every'),
        String(pause),
        PAUSES.map((seconds) => [String(seconds), say('page.cases.seconds', { seconds })]),
        (value) => {
          state.dial.pause = Number(value);
        },
      ),
      button('dial-report', say('page.download'), downloadResults, { kind: 'quiet', disabled: round === 0 || running }),
    ),
    realNote(),
    dialVerdict(),
  ];
}

/** The seller console's own dial test makes debugging calls alone; real ones among the cases change something each time. */
function realNote(): Child {
  const count = state.cases.filter(({ test }) => !test).length;
  return count > 0 && h('p', { class: 'reason warn-text' }, say('page.cases.real.note', { count }));
}

function dialVerdict(): Child {
  const { round, done, total, failed } = state.dial;
  if (round === 0) return undefined;
  if (done < total) {
    return [
      h('p', {}, say('page.cases.running', { done, total })),
      h('progress', { value: done, max: total, 'aria-label': say('page.view.cases') }),
    ];
  }
  return h(
    'div',
    { class: `verdict ${failed === 0 ? 'ok' : 'fail'}` },
    mark(failed === 0 ? 'ok' : 'fail'),
    h('strong', {}, dialResult()),
    h('span', { class: 'dim' }, say('page.cases.round', { round })),
  );
}

function caseList(): Child {
  if (state.cases.length === 0)
    return [h('h2', {}, say('page.cases.list')), h('p', { class: 'empty' }, say('page.cases.none'))];
  return h(
    'table',
    { class: 'cases' },
    h('caption', {}, say('page.cases.list')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['case', 'runs', 'last', 'actions'].map((name) => h('th', { scope: 'col' }, say(`page.cases.${name}`))),
      ),
    ),
    state.cases.map(caseRow),
  );
}

function caseRow(saved: SavedCase): HTMLElement {
  const results = state.results[saved.id] ?? [];
  const last = results.at(-1);
  const name = `${saved.activity} (${saved.product})`;
  return h(
    'tbody',
    {},
    h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h('span', { class: 'case-name' }, saved.activity),
        h('span', { class: 'dim' }, sayOr(`activity.${saved.activity}`, '')),
        h(
          'span',
          { class: 'tags' },
          !saved.test && h('span', { class: 'tag warn' }, say('page.cases.real')),
          h('span', { class: 'tag' }, saved.product),
          h('span', { class: 'tag' }, say(`page.family.${saved.family}`)),
          h('span', { class: 'tag' }, say(`page.charging.${saved.charging}`)),
          variant(saved),
          elsewhere(saved),
        ),
      ),
      h(
        'td',
        { class: 'runs' },
        results.map(({ passed }) => mark(passed ? 'ok' : 'fail')),
      ),
      h('td', {}, last === undefined ? h('span', { class: 'dim' }, say('page.cases.never')) : lastResult(last)),
      h(
        'td',
        {},
        h(
          'div',
          { class: 'actions' },
          button(`run-${saved.id}`, say('page.cases.one'), () => runOne(saved), {
            kind: 'quiet',
            label: say('page.cases.one.label', { name }),
            disabled: state.dial.running,
          }),
          button(`open-${saved.id}`, say('page.cases.open'), () => openCase(saved), {
            kind: 'quiet',
            label: say('page.cases.open.label', { name }),
          }),
          button(`remove-${saved.id}`, say('page.cases.remove'), () => removeCase(saved), {
            kind: 'quiet',
            label: say('page.cases.remove.label', { name }),
            disabled: state.dial.running,
          }),
        ),
      ),
    ),
    last !== undefined &&
      !last.passed &&
      h(
        'tr',
        { class: 'trouble' },
        h(
          'td',
          { colspan: 4 },
          h('details', { open: true }, h('summary', {}, say('page.cases.what')), reportDetails(last)),
        ),
      ),
  );
}

/** Shows what tells two cases of one interface apart. */
function variant({ members }: SavedCase): Child {
  const { scene, status, flag, instanceStatus } = members;
  const told = [scene, status, instanceStatus, flag === undefined ? undefined : `flag ${flag}`].filter(
    (one) => typeof one === 'string',
  );
  return told.map((text) => h('span', { class: 'tag' }, String(text)));
}

/** Shows where the case is sent, if not to the product's own address here. */
function elsewhere({ product, at }: SavedCase): Child {
  const own = state.setup.products.find(({ name }) => name === product)?.at;
  return at !== own && h('span', { class: 'tag' }, at.replace(/^https?:\/\//, ''));
}

function lastResult(report: Report): HTMLElement {
  const { passed, response, sentAt } = report;
  return h(
    'span',
    { class: passed ? 'ok-text' : 'fail-text' },
    say(passed ? 'page.ok' : 'page.fail'),
    h(
      'span',
      { class: 'dim' },
      ` · ${clockTime(sentAt)} · ${say('page.milliseconds', { milliseconds: response.milliseconds })}`,
    ),
    !passed && h('p', {}, whatItMeans(report)),
  );
}

/** The newest result of each case, as a file. */
function downloadResults(): void {
  const reported = state.cases.flatMap(({ id, product, activity }) => {
    const report = state.results[id]?.at(-1);
    return report === undefined ? [] : [{ product, activity, report }];
  });
  download('koogate-dial-test.json', 'application/json', reportText(reported));
}

async function runOne(saved: SavedCase): Promise<void> {
  await runCase(saved);
  refresh('cases');
}

async function openCase(saved: SavedCase): Promise<void> {
  await open(saved);
  location.hash = '#debug';
}
