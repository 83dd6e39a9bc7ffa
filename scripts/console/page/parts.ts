import type { Check } from '../../cli/checks/check.ts';
import { findingCauses, findingText } from '../../cli/report/words.ts';
import { causeText, checkText } from '../../cli/terminal/describe.ts';
import type { FoundThing } from '../shapes.ts';
import { type Child, h } from './element.ts';
import { say } from './words.ts';

const SIGNS = { ok: '✓', fail: '✗', warn: '!' } as const;

/** A tick, a cross or an exclamation mark, with a word for those who do not see it. */
export function mark(kind: keyof typeof SIGNS): HTMLElement {
  return h(
    'span',
    { class: `mark ${kind}` },
    h('span', { 'aria-hidden': 'true' }, SIGNS[kind]),
    h('span', { class: 'unseen' }, say(`page.${kind}`)),
  );
}

/** One line a check, with what the doctor says is behind it. */
export function checkList(checks: readonly Check[]): HTMLElement {
  return h(
    'ul',
    { class: 'marked' },
    checks.map((check) =>
      h(
        'li',
        { class: check.state },
        mark(check.state),
        h('span', {}, checkText(say, check), causes((check.causes ?? []).map((cause) => causeText(say, cause)))),
      ),
    ),
  );
}

export function findingList(findings: readonly FoundThing[]): HTMLElement {
  return h(
    'ul',
    { class: 'marked' },
    findings.map((finding) =>
      h(
        'li',
        { class: finding.severity },
        mark(finding.severity),
        h('span', {}, findingText(say, finding), causes(findingCauses(say, finding))),
      ),
    ),
  );
}

function causes(texts: readonly string[]): Child {
  return (
    texts.length > 0 &&
    h(
      'ul',
      { class: 'causes' },
      texts.map((text) => h('li', {}, say('call.cause', { text }))),
    )
  );
}

/** A labelled choice. */
export function choice<Value extends string>(
  id: string,
  label: string,
  value: Value,
  options: readonly (readonly [value: Value, text: string])[],
  choose: (value: Value) => unknown,
): HTMLElement {
  const select = h(
    'select',
    {
      id,
      on: {
        change: () => {
          const chosen = options.find(([one]) => one === select.value);
          if (chosen !== undefined) choose(chosen[0]);
        },
      },
    },
    options.map(([one, text]) => h('option', { value: one, selected: one === value }, text)),
  );
  return h('div', { class: 'field' }, h('label', { for: id }, label), select);
}

export function button(
  id: string,
  text: string,
  press: () => unknown,
  {
    kind = '',
    disabled = false,
    label,
    primary = false,
  }: { kind?: string; disabled?: boolean; label?: string; primary?: boolean } = {},
): HTMLButtonElement {
  return h(
    'button',
    {
      id,
      type: 'button',
      class: kind,
      disabled,
      'aria-label': label,
      'data-primary': primary,
      'aria-keyshortcuts': primary ? 'Control+Enter' : undefined,
      on: { click: press },
    },
    text,
  );
}
