import type { Answer } from '../../marketplace/calls/send.ts';
import { checkBodySign } from '../../marketplace/protocol/body-sign.ts';
import { explainBodySign } from '../doctor/body-sign.ts';
import { type Check, fail, ok, warn } from './check.ts';

export interface AnswerKeys {
  /** The key that signed the call. */
  readonly key: string;
  readonly keyClass: string;
  /** Keys that would do as well. */
  readonly otherKeys?: readonly string[];
  /** All keys, by class, so that a mix-up can be named. */
  readonly ring: Readonly<Record<string, readonly string[]>>;
  /** `timeStamp` of a V1.0 call. */
  readonly timeStamp?: string;
  readonly request?: Buffer;
}

/**
 * Spelling of the header's name: the console of V1.0 takes `Body-Sign` alone. Where the host writes every name in lower case,
 * the address that the marketplace calls has to be looked at.
 */
export function checkSpelling({ headers, names = [] }: Answer, strict: boolean): Check[] {
  const name = names.find((one) => one.toLowerCase() === 'body-sign');
  if (headers['body-sign'] === undefined || name === undefined || name === 'Body-Sign') return [];
  if (name === 'body-sign' && names.includes('content-type')) return strict ? [warn('body-sign-lowered')] : [];
  return [strict ? fail('body-sign-spelling', { name }) : warn('body-sign-spelling', { name })];
}

/** `Body-Sign` over every byte of the answer, with the key that signed the call. */
export function checkSignature(answer: Answer, keys: AnswerKeys, demand: 'required' | 'expected'): Check {
  const header = answer.headers['body-sign'];
  const verdicts = [keys.key, ...(keys.otherKeys ?? [])].map((key) => checkBodySign(key, answer.body, header));
  const verdict = verdicts.includes('holds') ? 'holds' : verdicts[0];
  if (verdict === 'holds') return ok('body-sign');
  if (verdict === 'missing') return demand === 'required' ? fail('body-sign-missing') : warn('body-sign-missing');
  const ring = {
    ...keys.ring,
    [keys.keyClass]: [keys.key, ...(keys.ring[keys.keyClass] ?? []).filter((key) => key !== keys.key)],
  };
  const diagnosis = explainBodySign(
    {
      keyClass: keys.keyClass,
      body: answer.body,
      header: header ?? '',
      ...(keys.timeStamp !== undefined && { timeStamp: keys.timeStamp }),
      ...(keys.request !== undefined && { request: keys.request }),
    },
    ring,
  );
  const causes = diagnosis.kind === 'explained' ? diagnosis.causes : diagnosis.notes;
  return { ...fail(verdict === 'malformed' ? 'body-sign-malformed' : 'body-sign-wrong'), causes };
}
