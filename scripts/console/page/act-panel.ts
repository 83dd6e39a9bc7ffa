import type { Acted, Action, Credentials, UsageAction } from '../deployed/shapes.ts';
import { attempt } from './attempt.ts';
import { operated } from './deployed-state.ts';
import { announce, type Child, h, refresh } from './element.ts';
import { lookAtHistory } from './history-view.ts';
import { button } from './parts.ts';
import { ask } from './server.ts';
import { state } from './state.ts';
import { say } from './words.ts';

/** Everything that can be asked of the instance on show; `notice` retries the notice of its order. */
export type Asked = Action | 'notice' | `usage-${UsageAction}` | 'credentials';

/** True if the page was started to act. */
export function mayAct(): boolean {
  return state.setup.deployed?.writes === true;
}

/** Actions on the instance on show, or why there are none. */
export function actPanel(): Child {
  const { history, acted } = operated;
  const title = h('h2', {}, say('page.act.title'));
  if (history === undefined) return title;
  if (!mayAct()) return [title, h('p', { class: 'hint' }, say('page.act.read-only'))];
  const { summary, notice } = history;
  const isNoticeOpen = notice !== undefined && notice.waiting + notice.setAside > 0;
  return [
    title,
    h(
      'div',
      { class: 'actions' },
      action('retry', summary.waiting + summary.setAside > 0),
      action('requeue', summary.setAside > 0),
      action('set-aside', summary.waiting > 0),
      notice !== undefined && action('notice', isNoticeOpen),
    ),
    h('p', { class: 'hint' }, acted),
  ];
}

function action(name: Asked, isOpen: boolean): HTMLElement {
  return button(`act-${name}`, say(`page.act.${name}`), () => askToAct(name), { disabled: !isOpen });
}

/** Login data of the instance on show, sealed until they are asked for. */
export function credentialsPanel(): Child {
  const { credentials } = operated;
  const title = h('h2', {}, say('page.history.credentials'));
  if (credentials !== undefined) {
    const members = Object.entries(credentials).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]);
    return [
      title,
      h('dl', { class: 'credentials' }, members),
      h('div', { class: 'actions' }, button('credentials-hide', say('page.history.credentials.hide'), hide)),
    ];
  }
  return [
    title,
    h('p', { class: 'hint' }, say(mayAct() ? 'page.history.credentials.hint' : 'page.act.read-only')),
    mayAct() &&
      h(
        'div',
        { class: 'actions' },
        button('credentials-open', say('page.history.credentials.open'), () => askToAct('credentials')),
      ),
  ];
}

function hide(): void {
  operated.credentials = undefined;
  refresh('credentials');
}

/** Asks whether it is meant, and does it. @param name of a usage record */
export function askToAct(asked: Asked, name?: string): void {
  const why = h('input', { id: 'act-why', type: 'text', maxlength: 500, autocomplete: 'off' });
  const back = document.activeElement;
  const dialog: HTMLDialogElement = h(
    'dialog',
    { 'aria-labelledby': 'act-question' },
    h(
      'form',
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            dialog.close();
            void carryOut(asked, why.value.trim(), name);
          },
        },
      },
      h('p', { id: 'act-question' }, say(`page.act.question.${asked}`)),
      h('div', { class: 'field' }, h('label', { for: 'act-why' }, say('page.act.why')), why),
      h(
        'div',
        { class: 'actions' },
        h('button', { id: 'act-yes', type: 'submit', class: 'main' }, say('page.act.yes')),
        button('act-no', say('page.act.no'), () => dialog.close()),
      ),
    ),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    const again = back instanceof HTMLElement ? document.getElementById(back.id) : null;
    again?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

async function carryOut(asked: Asked, why: string, name: string | undefined): Promise<void> {
  const { history } = operated;
  if (history === undefined) return;
  const { product, instanceId } = history.summary;
  const body = { product, instanceId, ...(why !== '' && { why }) };
  await attempt(async () => {
    if (asked === 'credentials') {
      const credentials = await ask<Credentials>('/api/credentials', body);
      if (operated.history?.summary.instanceId === instanceId) operated.credentials = credentials;
      return;
    }
    const { outcome, count, isChained } = await request(asked, body, name);
    const done = say(`page.act.done.${outcome}`, { count });
    operated.acted = isChained ? done : `${done} ${say('page.act.unchained')}`;
    announce(operated.acted);
  });
  await lookAtHistory();
  refresh('act-panel', 'credentials');
}

function request(asked: Exclude<Asked, 'credentials'>, body: object, name: string | undefined): Promise<Acted> {
  if (asked === 'usage-reject' || asked === 'usage-requeue') {
    return ask<Acted>('/api/usage', { ...body, action: asked === 'usage-reject' ? 'reject' : 'requeue', name });
  }
  const isNotice = asked === 'notice';
  return ask<Acted>('/api/act', { ...body, action: isNotice ? 'retry' : asked, isNotice });
}
