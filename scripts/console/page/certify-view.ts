import type { Certificate, CertifiedCase } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { download } from './download.ts';
import { announce, type Child, h, refresh, region } from './element.ts';
import { openApiList } from './open-apis-view.ts';
import { button, choice, findingList, mark } from './parts.ts';
import { ask, askLines, Refusal } from './server.ts';
import { state } from './state.ts';
import { currentLocale, say, sayOr } from './words.ts';

/** The verdict that the seller console would come to, with one click. */
export function certifyView(): Child {
  return [
    h('p', { class: 'intro' }, say('page.certify.intro')),
    region('certify-form', certifyForm, 'section', { class: 'card' }),
    region('certificate', certificatePanel, 'section'),
  ];
}

function certifyForm(): Child {
  const { product, kind, running, step, done, total } = state.certify;
  const kinds = state.setup.products.find(({ name }) => name === product)?.kinds ?? [];
  return [
    h(
      'div',
      { class: 'actions' },
      choice(
        'certify-product',
        say('page.product'),
        product,
        state.setup.products.map(({ name }) => [name, name]),
        pickProduct,
      ),
      choice(
        'certify-kind',
        say('page.certify.kind'),
        kind,
        kinds.map((name) => [name, say(`page.certify.kind.${name}`)]),
        (value) => {
          state.certify.kind = value;
        },
      ),
      button('certify', say('page.certify.run'), certify, {
        kind: 'main',
        disabled: running || kind === '',
        primary: true,
      }),
    ),
    h(
      'div',
      { role: 'status' },
      running && [
        h('p', {}, say('page.certify.running', { done, total, step: sayOr(`activity.${step}`, step) })),
        h('progress', { value: done, max: Math.max(total, 1), 'aria-label': say('page.view.certify') }),
      ],
    ),
  ];
}

export function pickProduct(product: string): void {
  const kinds = state.setup.products.find(({ name }) => name === product)?.kinds ?? [];
  Object.assign(state.certify, { product, kind: kinds[0] ?? '' });
  refresh('certify-form');
}

async function certify(): Promise<void> {
  const { certify: run, setup } = state;
  if (run.running) return;
  Object.assign(run, { running: true, certificate: undefined, step: '', done: 0, total: 0 });
  refresh('certify-form', 'certificate');
  const at = setup.products.find(({ name }) => name === run.product)?.at ?? '';
  await attempt(() =>
    askLines('/api/certify', { product: run.product, kind: run.kind, at }, (line) => {
      if ('problem' in line) throw new Refusal(line.problem);
      Object.assign(run, line);
      refresh('certify-form');
    }),
  );
  run.running = false;
  const verdict = run.certificate?.verdict;
  if (verdict !== undefined) announce(say(verdict.id, { count: verdict.count, at }));
  refresh('certify-form', 'certificate');
}

function certificatePanel(): Child {
  const { certificate } = state.certify;
  return certificate !== undefined && certificateBody(certificate);
}

function certificateBody({ verdict, at, cases, questions, troubled, suspects, openApis }: Certificate): Child {
  return [
    h(
      'div',
      { class: `verdict big ${verdict.good ? 'ok' : 'fail'}` },
      mark(verdict.good ? 'ok' : 'fail'),
      h('strong', {}, say(verdict.id, { count: verdict.count, at })),
    ),
    h(
      'div',
      { class: 'actions reports' },
      h('span', { class: 'hint' }, say('page.download')),
      REPORTS.map(([form, name]) => button(`report-${form}`, name, () => downloadReport(form), { kind: 'quiet' })),
    ),
    suspects.length > 0 && h('div', { class: 'card' }, findingList(suspects)),
    h('div', { class: 'card' }, h('h2', {}, say('certify.cases')), h('ul', { class: 'marked' }, cases.map(caseLine))),
    h(
      'div',
      { class: 'card' },
      h('h2', {}, say('certify.conduct')),
      h('p', {}, say('certify.all-good', { count: questions - troubled.length })),
      troubled.map(({ id, findings }) => [h('h3', {}, id), findingList(findings)]),
    ),
    openApis.length > 0 && h('div', { class: 'card' }, h('h2', {}, say('certify.open-apis')), openApiList(openApis)),
  ];
}

const REPORTS = [
  ['html', 'HTML'],
  ['junit', 'JUnit XML'],
  ['json', 'JSON'],
] as const;

const TYPES = { html: ['html', 'text/html'], junit: ['xml', 'application/xml'], json: ['json', 'application/json'] };

async function downloadReport(form: (typeof REPORTS)[number][0]): Promise<void> {
  await attempt(async () => {
    const { text } = await ask<{ text: string }>('/api/certify/report', { form, locale: currentLocale() });
    const [ending, type] = TYPES[form];
    download(`koogate-certification.${ending}`, `${type};charset=utf-8`, text);
  });
}

function caseLine({
  id,
  activity,
  need,
  passed,
  sendings,
  passedSendings,
  console: sentence,
  findings,
}: CertifiedCase): HTMLElement {
  return h(
    'li',
    { class: passed ? 'ok' : 'fail' },
    mark(passed ? 'ok' : 'fail'),
    h(
      'span',
      {},
      id,
      h(
        'span',
        { class: 'dim' },
        ` · ${sayOr(`activity.${activity}`, activity)} · ${say(`certify.${need}`)} · ${say('certify.rounds', { passed: passedSendings, total: sendings })}`,
      ),
      !passed && [h('p', {}, say('call.console', { text: say(sentence) })), findingList(findings)],
    ),
  );
}
