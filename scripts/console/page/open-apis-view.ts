import type { CaseState, OpenApiCase } from '../../cli/open-api/cases.ts';
import type { OpenApiAnswer } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { announce, type Child, h, refresh, region } from './element.ts';
import { orderCard } from './order-card.ts';
import { button, choice, mark } from './parts.ts';
import { ask, Refusal } from './server.ts';
import { state } from './state.ts';
import { dateTime, say } from './words.ts';

/** Fields of each call, and what stands in them at first. */
const FIELDS: Readonly<Record<OpenApiCase, Readonly<Record<string, string>>>> = {
  order: { orderId: 'MOCKPERIODYEARNEW', orderLineId: '' },
  usage: { instanceId: '' },
  'license-activate': { codes: '' },
  'license-query': { codes: '' },
  'license-usage': { codes: '', active: '1' },
  upload: { eventId: 'debug-event-0001', text: '' },
};

const CASES = Object.keys(FIELDS) as readonly OpenApiCase[];

/** Bytes of a file that the page sends; larger ones are for the command line, which streams them. */
const LARGEST_FILE_BYTES = 128 * 1024;

/** The calls that the seller makes to the marketplace, as its console asks for them. */
export function openApisView(): Child {
  return [
    h('p', { class: 'intro' }, say('page.open-apis.intro')),
    h(
      'div',
      { class: 'columns' },
      h(
        'div',
        {},
        region('open-api-form', openApiForm, 'section', { class: 'card' }),
        region('order-card', orderCard, 'section', { class: 'card' }),
      ),
      h(
        'div',
        {},
        region('open-api-answer', answerPanel, 'section', { class: 'card' }),
        region('open-api-states', statePanel, 'section', { class: 'card' }),
      ),
    ),
  ];
}

/** Reads which cases are ticked off. */
export async function loadStates(): Promise<void> {
  await attempt(async () => {
    const { product } = state.openApis;
    state.openApis.states = await ask<CaseState[]>('/api/open-apis', { product });
  });
  refresh('open-api-states');
}

function openApiForm(): Child {
  const { product, chosen, running } = state.openApis;
  return [
    choice(
      'open-api-product',
      say('page.product'),
      product,
      state.setup.products.map(({ name }) => [name, name]),
      pickProduct,
    ),
    choice(
      'open-api-case',
      say('page.open-apis.case'),
      chosen,
      CASES.map((name) => [name, say(`open-api.case.${name}`)]),
      pickCase,
    ),
    Object.keys(fields()).map(field),
    chosen === 'upload' && fileField(),
    h(
      'div',
      { class: 'actions' },
      button('open-api-call', say('page.open-apis.call'), call, { kind: 'main', disabled: running, primary: true }),
    ),
    h('p', { class: 'hint' }, say('page.open-apis.command', { command: say(`open-api.how.${chosen}`) })),
  ];
}

function fields(): Record<string, string> {
  const { chosen, values } = state.openApis;
  values[chosen] ??= { ...FIELDS[chosen] };
  return values[chosen];
}

function field(name: string): HTMLElement {
  const id = `open-api-${name}`;
  const input = h('input', {
    id,
    type: 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    value: fields()[name] ?? '',
    on: {
      input: () => {
        fields()[name] = input.value;
      },
    },
  });
  return h('div', { class: 'field' }, h('label', { for: id }, say(`page.open-apis.field.${name}`)), input);
}

function fileField(): HTMLElement {
  const input = h('input', {
    id: 'open-api-file',
    type: 'file',
    on: {
      change: () => {
        state.openApis.file = input.files?.[0];
      },
    },
  });
  return h(
    'div',
    { class: 'field' },
    h('label', { for: 'open-api-file' }, say('page.open-apis.file')),
    input,
    h('p', { class: 'hint' }, say('page.open-apis.file.hint')),
  );
}

function pickProduct(product: string): void {
  state.openApis.product = product;
  void loadStates();
}

function pickCase(chosen: OpenApiCase): void {
  Object.assign(state.openApis, { chosen, answer: undefined, file: undefined });
  refresh('open-api-form', 'open-api-answer');
}

async function call(): Promise<void> {
  const { openApis } = state;
  if (openApis.running) return;
  Object.assign(openApis, { running: true, answer: undefined });
  refresh('open-api-form', 'open-api-answer');
  await attempt(async () => {
    const { product, chosen, file } = openApis;
    const chosenFile = chosen === 'upload' && file !== undefined ? { file: await fileOf(file) } : {};
    const request = { case: chosen, ...fields(), ...chosenFile };
    const answer = await ask<OpenApiAnswer>('/api/open-apis/call', { product, request });
    Object.assign(openApis, { answer, states: answer.states });
    announce(say(answer.passed ? 'page.open-apis.passed' : 'page.open-apis.refused', { place: answer.place }));
  });
  openApis.running = false;
  refresh('open-api-form', 'open-api-answer', 'open-api-states');
}

async function fileOf(file: File): Promise<{ name: string; base64: string }> {
  if (file.size > LARGEST_FILE_BYTES) throw new Refusal({ id: 'page.open-apis.file.large' });
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: file.name, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
}

function answerPanel(): Child {
  const { answer, running } = state.openApis;
  if (answer === undefined) {
    return h('p', { class: 'empty' }, say(running ? 'page.loading' : 'page.open-apis.none'));
  }
  const { passed, place, text } = answer;
  return [
    h(
      'p',
      { class: `verdict ${passed ? 'ok' : 'fail'}` },
      mark(passed ? 'ok' : 'fail'),
      h('strong', {}, say(passed ? 'page.open-apis.passed' : 'page.open-apis.refused', { place })),
    ),
    h('pre', { class: 'wire', tabindex: '0' }, text),
  ];
}

function statePanel(): Child {
  return [h('h2', {}, say('certify.open-apis')), openApiList(state.openApis.states)];
}

/** One line a case: a tick once the marketplace itself has answered. */
export function openApiList(states: readonly CaseState[]): HTMLElement {
  return h(
    'ul',
    { class: 'marked' },
    states.map(({ case: name, state: is, place = '', at = 0 }) => {
      const kind = is === 'done' ? 'ok' : 'warn';
      const words = { what: say(`open-api.case.${name}`), how: say(`open-api.how.${name}`), place, time: dateTime(at) };
      return h('li', { class: kind }, mark(kind), h('span', {}, say(`certify.open-api.${is}`, words)));
    }),
  );
}
