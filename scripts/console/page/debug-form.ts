import { CHARGING } from '../charging.ts';
import { attempt } from './attempt.ts';
import { forget, pick, reset, send, sign } from './debug.ts';
import { type Child, h, refresh, region } from './element.ts';
import { button, choice } from './parts.ts';
import { Refusal } from './server.ts';
import { type Row, state } from './state.ts';
import { say, sayOr } from './words.ts';

/** Form of a call: interface, charging mode and parameters. */
export function debugForm(): Child {
  const { draft, setup } = state;
  const product = setup.products.find(({ name }) => name === draft.product);
  const family = setup.families.find(({ name }) => name === draft.family);
  return [
    h(
      'fieldset',
      { class: 'card' },
      h('legend', {}, say('page.call')),
      h(
        'div',
        { class: 'picks' },
        choice(
          'product',
          say('page.product'),
          draft.product,
          setup.products.map(({ name }) => [name, name]),
          (value) => pick({ product: value }),
        ),
        choice(
          'family',
          say('page.family'),
          draft.family,
          (product?.families ?? []).map((name) => [name, say(`page.family.${name}`)]),
          (value) => pick({ family: value }),
        ),
        choice(
          'charging',
          say('page.charging'),
          draft.charging,
          CHARGING.map((name) => [name, say(`page.charging.${name}`)]),
          (value) => pick({ charging: value }),
        ),
      ),
      choice(
        'activity',
        say('page.activity'),
        draft.activity,
        (family?.activities ?? []).map((name) => [name, `${name} · ${sayOr(`activity.${name}`, name)}`]),
        (value) => pick({ activity: value }),
      ),
      addressField(),
      testBox(),
    ),
    h(
      'fieldset',
      { class: 'card' },
      h('legend', {}, say('page.parameters')),
      region('rows', rowList),
      h(
        'div',
        { class: 'row-tools' },
        newRow(),
        button('reset', say('page.parameters.reset'), reset, { kind: 'quiet' }),
      ),
    ),
    region('actions', actions, 'div', { class: 'actions' }),
  ];
}

function addressField(): HTMLElement {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: 'at' }, say('page.at')),
    h('input', {
      id: 'at',
      type: 'text',
      spellcheck: 'false',
      autocomplete: 'off',
      inputmode: 'url',
      value: state.draft.at,
      'aria-describedby': 'at-hint',
      on: {
        input: ({ target }) => {
          if (target instanceof HTMLInputElement) state.draft = { ...state.draft, at: target.value.trim() };
          edited();
        },
      },
    }),
    h('p', { id: 'at-hint', class: 'hint' }, say('page.at.hint')),
  );
}

function testBox(): HTMLElement {
  const { test } = state.draft;
  return h(
    'div',
    { class: 'tick' },
    h('input', {
      id: 'test',
      type: 'checkbox',
      checked: test,
      'aria-describedby': 'test-hint',
      on: { change: () => pick({ test: !test }) },
    }),
    h('label', { for: 'test' }, say('page.test')),
    h('p', { id: 'test-hint', class: 'hint' }, say('page.test.hint')),
  );
}

function rowList(): Child {
  return h('ul', { class: 'rows' }, state.rows.map(parameterRow));
}

function parameterRow(row: Row, index: number): HTMLElement {
  const { name, value, mandatory } = row;
  const input = h('input', {
    id: `value-${name}`,
    type: 'text',
    value,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-label': say('page.parameter.value', { name }),
    disabled: !row.send,
    on: {
      input: () => {
        row.value = input.value;
        edited();
      },
    },
  });
  return h(
    'li',
    {},
    h('input', {
      id: `send-${index}`,
      type: 'checkbox',
      checked: row.send,
      'aria-label': say('page.parameter.send', { name }),
      on: {
        change: () => {
          row.send = !row.send;
          input.disabled = !row.send;
          edited();
        },
      },
    }),
    h(
      'label',
      { for: `value-${name}`, class: 'name' },
      name,
      mandatory && h('span', { class: 'tag' }, say('page.parameter.mandatory')),
    ),
    input,
    formSelect(row),
  );
}

function formSelect(row: Row): HTMLElement {
  const select = h(
    'select',
    {
      id: `form-${row.name}`,
      'aria-label': say('page.parameter.form', { name: row.name }),
      on: {
        change: () => {
          row.form = select.value === 'json' ? 'json' : 'text';
          edited();
        },
      },
    },
    (['text', 'json'] as const).map((kind) =>
      h('option', { value: kind, selected: kind === row.form }, say(`page.parameter.${kind}`)),
    ),
  );
  return select;
}

function newRow(): HTMLElement {
  const input: HTMLInputElement = h('input', {
    id: 'new-parameter',
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: say('page.parameter.new'),
    'aria-label': say('page.parameter.new'),
    on: {
      keydown: (event) => {
        if (event instanceof KeyboardEvent && event.key === 'Enter' && !event.ctrlKey) addRow(input);
      },
    },
  });
  return h(
    'span',
    { class: 'new-row' },
    input,
    button('add-parameter', say('page.parameter.add'), () => addRow(input)),
  );
}

function addRow(input: HTMLInputElement): void {
  const name = input.value.trim();
  if (name === '') {
    input.focus();
    return;
  }
  if (state.rows.some((row) => row.name === name)) {
    void attempt(async () => {
      throw new Refusal({ id: 'page.parameter.twice', values: { name } });
    });
    document.getElementById(`value-${name}`)?.focus();
    return;
  }
  state.rows = [...state.rows, { name, value: '', form: 'text', send: true, mandatory: false }];
  input.value = '';
  edited();
  refresh('rows');
  document.getElementById(`value-${name}`)?.focus();
}

function actions(): Child {
  return [
    button('sign', say('page.sign'), sign, { disabled: state.sending }),
    button('send', say(state.sending ? 'page.sending' : 'page.send'), send, {
      kind: 'main',
      disabled: state.sending,
      primary: true,
    }),
  ];
}

/** A signed request or an answer on show belongs to what stood in the form before. */
function edited(): void {
  if (state.signed === undefined && state.sent === undefined && state.report === undefined) return;
  forget();
  refresh('request', 'answer');
}
