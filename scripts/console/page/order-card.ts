import type { MadeOrder } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { announce, type Child, h, refresh } from './element.ts';
import { button } from './parts.ts';
import { ask } from './server.ts';
import { type OrderFields, state } from './state.ts';
import { say } from './words.ts';

/** An order that the stand-in gives out when the server asks for it. */
export function orderCard(): Child {
  const { made } = state.openApis;
  const names = Object.keys(state.openApis.order) as (keyof OrderFields)[];
  return [
    h('h2', {}, say('page.order')),
    h('p', { class: 'hint' }, say('page.order.hint')),
    names.map(field),
    h('div', { class: 'actions' }, button('order-make', say('page.order.make'), make, { kind: 'main' })),
    made !== undefined && h('p', { class: 'hint' }, say('page.order.made', { ...made })),
  ];
}

function field(name: keyof OrderFields): HTMLElement {
  const id = `order-${name}`;
  const input = h('input', {
    id,
    type: 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    value: state.openApis.order[name],
    on: {
      input: () => {
        state.openApis.order[name] = input.value;
      },
    },
  });
  return h('div', { class: 'field' }, h('label', { for: id }, say(`page.order.field.${name}`)), input);
}

async function make(): Promise<void> {
  await attempt(async () => {
    const { product, order } = state.openApis;
    const made = await ask<MadeOrder>('/api/orders', { product, order });
    state.openApis.made = made;
    announce(say('page.order.made', { ...made }));
  });
  refresh('order-card');
}
