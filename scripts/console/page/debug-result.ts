import type { Report, WireRequest, WireResponse } from '../shapes.ts';
import { save } from './debug.ts';
import { type Child, h, refresh } from './element.ts';
import { button, checkList, mark } from './parts.ts';
import { state } from './state.ts';
import { clockTime, say } from './words.ts';

/** The request as it goes, or went, over the wire. */
export function requestPanel(): Child {
  const { signed, sent } = state;
  const request = signed ?? sent?.request;
  return [
    h(
      'header',
      { class: 'panel-head' },
      h('h2', { id: 'request-title' }, say('page.request')),
      request !== undefined && copyButton(request),
    ),
    request === undefined ? h('p', { class: 'empty' }, say('page.request.none')) : wireRequest(request),
    h('p', { class: 'hint' }, requestNote()),
  ];
}

function requestNote(): string {
  const { signed, sent } = state;
  if (signed === undefined) return sent === undefined ? '' : say('page.request.sent', { time: clockTime(sent.at) });
  if (signed.holdsUntil < Date.now()) return say('page.request.stale');
  setTimeout(() => signed === state.signed && refresh('request'), signed.holdsUntil - Date.now() + 100);
  return say('page.request.holds', { time: clockTime(signed.holdsUntil) });
}

export function wireRequest({ method, url, headers, body }: WireRequest): Child {
  const [address = '', query] = url.split('?');
  return [
    h(
      'pre',
      { class: 'wire', tabindex: '0', role: 'region', 'aria-labelledby': 'request-title' },
      h('b', {}, method),
      ` ${address}`,
      query?.split('&').map((pair, index) => [index === 0 ? '\n  ?' : '\n  &', pair]),
      '\n',
      Object.entries(headers).map(([name, value]) => [h('span', { class: 'dim' }, `\n${name}: ${value}`)]),
      body !== undefined && `\n\n${body}`,
    ),
  ];
}

function copyButton(request: WireRequest): HTMLElement {
  const pressed = button(
    'copy',
    say('page.copy'),
    async () => {
      await navigator.clipboard.writeText(curl(request));
      pressed.textContent = say('page.copied');
    },
    { kind: 'quiet' },
  );
  return pressed;
}

function curl({ method, url, headers, body }: WireRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl -sS -X ${method} ${quote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-binary ${quote(body)}`]),
  ].join(' \\\n  ');
}

/** Panel with the answer and the verdict on it. */
export function answerPanel(): Child {
  const { report, sending } = state;
  return [
    h('header', { class: 'panel-head' }, h('h2', {}, say('page.answer'))),
    report === undefined
      ? h('p', { class: 'empty' }, say(sending ? 'page.loading' : 'page.answer.none'))
      : [verdict(report), saveButton(report), reportDetails(report)],
  ];
}

function verdict({ passed, console: sentence, response }: Report): HTMLElement {
  return h(
    'div',
    { class: `verdict ${passed ? 'ok' : 'fail'}` },
    mark(passed ? 'ok' : 'fail'),
    h(
      'div',
      {},
      h('strong', {}, say(passed ? 'page.answer.good' : 'page.answer.bad')),
      h('span', { class: 'dim' }, ` · ${say('page.milliseconds', { milliseconds: response.milliseconds })}`),
      h('p', {}, say('call.console', { text: say(sentence) })),
    ),
  );
}

function saveButton({ id, passed }: Report): HTMLElement {
  const saved = state.savedReport === id;
  return h(
    'div',
    { class: 'actions' },
    button('save', say('page.save'), save, { disabled: !passed || saved }),
    h('span', { class: 'hint' }, say(saved ? 'page.saved' : passed ? '' : 'page.save.hint')),
  );
}

/** Checks, login data and the answer itself; also shown with a failing case. */
export function reportDetails({ checks, credentials, response }: Report): Child {
  return [
    h('h3', {}, say('page.checks')),
    checkList(checks),
    credentials.length > 0 && [
      h('h3', {}, say('page.credentials')),
      credentials.map(({ instanceId, ...values }) =>
        h(
          'dl',
          { class: 'credentials' },
          h('dt', {}, 'instanceId'),
          h('dd', {}, instanceId),
          Object.entries(values).map(([name, value]) => [
            h('dt', {}, say(`page.credentials.${name}`)),
            h('dd', {}, String(value)),
          ]),
        ),
      ),
    ],
    h('h3', {}, say('page.answer.raw')),
    rawAnswer(response),
  ];
}

function rawAnswer(response: WireResponse): HTMLElement {
  if (response.kind === 'failure') {
    return h(
      'pre',
      { class: 'wire', tabindex: '0', role: 'region', 'aria-label': say('page.answer.raw') },
      `${say(`reason.${response.reason}`)} (${response.detail})`,
    );
  }
  const { status, headers, body } = response;
  return h(
    'pre',
    { class: 'wire', tabindex: '0', role: 'region', 'aria-label': say('page.answer.raw') },
    h('b', {}, `HTTP ${status}`),
    '\n',
    Object.entries(headers).map(([name, value]) => h('span', { class: 'dim' }, `\n${name}: ${value}`)),
    `\n\n${body === '' ? say('page.answer.empty') : body}`,
  );
}
