import type { Answer } from '../../../marketplace/calls/send.ts';
import {
  type Count,
  countAnswer,
  StreamCounter,
  TOKEN_PATHS,
  valueAt,
} from '../../../marketplace/stand-in/gateway/count.ts';
import { type Finding, found, remark } from '../finding.ts';
import type { GatewayTarget } from './bench.ts';

/** Finds what is wrong with an answer that the gateway is to bill by. */
export function answerFindings({ kind, billed }: GatewayTarget, answer: Answer): Finding[] {
  const { headers } = answer;
  const packed = headers['content-encoding'];
  if (packed !== undefined && packed !== 'identity') return [remark('gateway.packed', { encoding: packed })];
  if (kind === 'api' && billed.length === 0) return [];
  return (headers['content-type'] ?? '').startsWith('text/event-stream')
    ? streamFindings(answer.body, billed)
    : wholeFindings(answer.body, billed);
}

function wholeFindings(body: Buffer, billed: readonly string[]): Finding[] {
  const count = countAnswer(body, billed);
  if (typeof count.members !== 'object' || count.members === null) return [found('gateway.not-json')];
  return memberFindings(count, billed);
}

function streamFindings(body: Buffer, billed: readonly string[]): Finding[] {
  const counter = new StreamCounter(billed);
  counter.add(body);
  const { count } = counter;
  return [
    ...memberFindings(count, billed),
    ...(count.billing > 1 ? [remark('gateway.usage-repeated', { count: count.billing })] : []),
    ...(count.after > 0 ? [remark('gateway.usage-not-last', { count: count.after })] : []),
  ];
}

function memberFindings({ members, billing }: Count, billed: readonly string[]): Finding[] {
  const wrong = billed.filter((path) => {
    const value = valueAt(members, path);
    return value !== undefined && value !== null && !(Number.isInteger(value) && Number(value) >= 0);
  });
  if (wrong.length > 0) return wrong.map((name) => found('gateway.not-a-number', { name }));
  if (billing === 0) return [found('gateway.unbilled', { names: billed.join(', ') })];
  const isOfTokens = billed.some((path) => TOKEN_PATHS.includes(path) && valueAt(members, path) !== undefined);
  const isWhole = !isOfTokens || Number.isInteger(valueAt(members, 'usage.total_tokens'));
  return isWhole ? [] : [found('gateway.total-missing')];
}

/** Reports an answer whose JSON tells of an error. */
export function tellsError({ body }: Answer): boolean {
  const { members } = countAnswer(body, []);
  if (typeof members !== 'object' || members === null) return false;
  return ['error', 'errors', 'error_code', 'error_msg'].some((name) => Object.hasOwn(members, name));
}
