import type { Outcome } from '../../marketplace/calls/send.ts';
import type { Check } from '../checks/check.ts';
import { consoleSays } from '../checks/console-says.ts';
import { sourceOf } from '../checks/sources.ts';
import type { Exchange } from '../conversation.ts';
import type { Cause } from '../doctor/cause.ts';
import type { Say } from '../messages/index.ts';
import type { Terminal } from './terminal.ts';

/** The sentence of a check, in the reader's language. */
export function checkText(say: Say, { id, state, values }: Check): string {
  const reason = values?.reason;
  return say(`check.${id}.${state}`, { ...values, ...(reason !== undefined && { reason: say(`reason.${reason}`) }) });
}

export function causeText(say: Say, { id, about }: Cause): string {
  return say(id, about === undefined ? {} : { about });
}

/** One line a check, the doctor's words indented below. */
export function checkLines({ say, paint }: Terminal, checks: readonly Check[]): string[] {
  const marks = { ok: paint('green', '✓'), fail: paint('red', '✗'), warn: paint('yellow', '!') };
  return checks.flatMap((check) => [
    `  ${marks[check.state]} ${checkText(say, check)}`,
    ...(check.causes ?? []).map((cause) => paint('dim', `      ${say('call.cause', { text: causeText(say, cause) })}`)),
    ...(check.state === 'fail'
      ? [paint('dim', `      ${say('report.source', { page: sourceOf(check.id) ?? '' })}`)]
      : []),
  ]);
}

/** Request, answer and checks, as a person reads them. */
export function describeExchange(terminal: Terminal, { call, outcome, judgement }: Exchange): string[] {
  const { say, paint } = terminal;
  return [
    paint('bold', say('call.request')),
    `  ${call.method} ${call.url}`,
    ...Object.entries(call.headers).map(([name, value]) => paint('dim', `  ${name}: ${value}`)),
    ...(call.body ? ['', `  ${call.body.toString('utf8')}`] : []),
    '',
    paint('bold', say('call.response')),
    ...describeOutcome(terminal, outcome),
    '',
    paint('bold', say('call.checks')),
    ...checkLines(terminal, judgement.checks),
    ...describeCredentials(terminal, judgement.opened),
  ];
}

function describeOutcome({ say, paint }: Terminal, outcome: Outcome): string[] {
  if (outcome.kind === 'failure') return [`  ${paint('red', say(`reason.${outcome.reason}`))} (${outcome.detail})`];
  const shown = ['content-type', 'body-sign'].filter((name) => outcome.headers[name] !== undefined);
  const text = outcome.body.toString('utf8').slice(0, 4_000);
  return [
    `  HTTP ${outcome.status} (${outcome.milliseconds} ms)`,
    ...shown.map((name) => paint('dim', `  ${name}: ${outcome.headers[name]}`)),
    '',
    `  ${text === '' ? say('call.no-body') : text}`,
  ];
}

function describeCredentials({ say, paint }: Terminal, opened: Exchange['judgement']['opened']): string[] {
  if (opened.length === 0) return [];
  return [
    '',
    paint('bold', say('call.credentials')),
    ...opened.map(({ instanceId, frontEndUrl, userName, password }) =>
      [`  ${instanceId}`, frontEndUrl, userName && `userName ${userName}`, password && `password ${password}`]
        .filter(Boolean)
        .join('  '),
    ),
  ];
}

/** The same for machines. */
export function exchangeJson(say: Say, { family, activity, call, outcome, judgement }: Exchange): object {
  return {
    family: family.name,
    activity,
    passed: judgement.passed,
    console: say(consoleSays(judgement.checks)),
    request: { method: call.method, url: call.url, headers: call.headers, body: call.body?.toString('utf8') },
    response:
      outcome.kind === 'failure'
        ? { failure: outcome.reason, detail: outcome.detail, milliseconds: outcome.milliseconds }
        : {
            status: outcome.status,
            headers: outcome.headers,
            body: outcome.body.toString('utf8'),
            milliseconds: outcome.milliseconds,
          },
    checks: judgement.checks.map((check) => ({
      id: check.id,
      state: check.state,
      text: checkText(say, check),
      ...(check.state === 'fail' && { source: sourceOf(check.id) }),
      ...(check.causes && { causes: check.causes.map((cause) => ({ id: cause.id, text: causeText(say, cause) })) }),
    })),
    credentials: judgement.opened,
  };
}
