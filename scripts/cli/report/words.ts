import type { Finding } from '../certify/finding.ts';
import type { Say } from '../messages/index.ts';

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
