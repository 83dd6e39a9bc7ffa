import type { Report, WireRequest, WireResponse } from '../shapes.ts';
import { save, whatItMeans } from './debug.ts';
import { download } from './download.ts';
import { type Child, h, refresh } from './element.ts';
import { button, checkList, mark } from './parts.ts';
import { reportText } from './report-text.ts';
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

function verdict(report: Report): HTMLElement {
  const { passed, response } = report;
  const words = passed ? undefined : ownWords(response);
  return h(
    'div',
    { class: `verdict ${passed ? 'ok' : 'fail'}` },
    mark(passed ? 'ok' : 'fail'),
    h(
      'div',
      {},
      h('strong', {}, say(passed ? 'page.answer.good' : 'page.answer.bad')),
      h('span', { class: 'dim' }, ` · ${say('page.milliseconds', { milliseconds: response.milliseconds })}`),
      h('p', {}, whatItMeans(report)),
      words !== undefined && h('p', {}, say('page.answer.words', { words })),
    ),
  );
}

/** Result code and message of an answer, as the server itself put them. */
function ownWords(response: WireResponse): string | undefined {
  if (response.kind === 'failure') return undefined;
  const member = (name: string) => new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(response.body)?.[1];
  const words = [member('resultCode'), member('resultMsg')].filter((text) => text !== undefined);
  return words.length === 0 ? undefined : words.map((text) => JSON.parse(text)).join(' ');
}

function saveButton(report: Report): HTMLElement {
  const { id, passed, test } = report;
  const saved = state.savedReport === id;
  const hint = saved ? 'page.saved' : !passed ? 'page.save.hint' : test ? '' : 'page.save.real.hint';
  return h(
    'div',
    { class: 'actions' },
    button('save', say(test ? 'page.save' : 'page.save.real'), save, { disabled: !passed || saved }),
    button('report', say('page.download'), () => downloadReport(report), { kind: 'quiet' }),
    h('span', { class: 'hint' }, say(hint)),
  );
}

function downloadReport(report: Report): void {
  const { product, activity } = state.draft;
  download(`koogate-${product}-${activity}.json`, 'application/json', reportText([{ product, activity, report }]));
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
