import type { Finding } from '../certify/finding.ts';
import type { Shown } from '../certify/shown.ts';
import { sourceOf } from '../checks/sources.ts';
import type { Say } from '../messages/index.ts';
import type { CaseState } from '../open-api/cases.ts';

/** A finding as a sentence, and what the doctor says is behind it. */
export function findingText(say: Say, { id, values }: Finding): string {
  const reason = values?.reason;
  return say(id, { ...values, ...(reason !== undefined && { reason: say(`reason.${reason}`) }) });
}

export function findingCauses(say: Say, { causes }: Finding): string[] {
  return (causes ?? []).map(({ id, about }) => say(id, about === undefined ? {} : { about }));
}

/** `order 2` in the reader's language. */
export function roundText(say: Say, round: string): string {
  const number = /^order (\d+)$/.exec(round)?.[1];
  return number === undefined ? say(`report.round.${round}`) : say('report.round.order', { number });
}

/** An open API that the seller has to call, and whether it has been called from here. */
export function openApiText(say: Say, { case: name, state, place = '', at = 0 }: CaseState): string {
  const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
  return say(`certify.open-api.${state}`, {
    what: say(`open-api.case.${name}`),
    how: say(`open-api.how.${name}`),
    place,
    time,
  });
}

/** A property of a server, and by how many calls it was shown. */
export function shownText(say: Say, { property, state, calls }: Shown): string {
  return say(`certify.shown.${state}`, { property: say(`property.${property}`), calls });
}

/** Names the page that a demand comes from, or says that there is none. */
export function sourceLines(say: Say, { id, severity }: Finding): string[] {
  const page = sourceOf(id);
  if (severity === 'warn') return page === undefined ? [say('report.advice')] : [];
  return page === undefined ? [] : [say('report.source', { page })];
}
