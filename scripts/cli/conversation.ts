import { activityOf } from '../marketplace/calls/families.ts';
import type { Family, Members } from '../marketplace/calls/family.ts';
import { type PreparedCall, prepareCall } from '../marketplace/calls/prepare.ts';
import { type Outcome, type SendOptions, sendCall } from '../marketplace/calls/send.ts';
import { newSubject, type Subject } from '../marketplace/calls/subject.ts';
import { sealValue } from '../marketplace/protocol/aes.ts';
import { sealOaep } from '../marketplace/protocol/oaep.ts';
import { type AnswerOptions, type Judgement, judgeAnswer } from './checks/answer.ts';
import { Problem } from './terminal/problem.ts';
import { keyOf, type Target } from './terminal/target.ts';

/** One call and what came of it. */
export interface Exchange {
  readonly family: Family;
  readonly activity: string;
  readonly call: PreparedCall;
  readonly outcome: Outcome;
  readonly judgement: Judgement;
}

/** Differences from the family's preset that a caller wants. */
export interface Wish extends SendOptions {
  readonly subject?: Partial<Subject>;
  /** Members that replace or join the preset ones; undefined takes one away. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Signs with this key of the class instead of the newest. */
  readonly key?: string;
  readonly expected?: readonly string[];
  readonly body?: string | Buffer;
  /** The signed moment; now unless told. */
  readonly at?: number;
  readonly nonce?: string;
  readonly contentType?: string;
  /** Changes the call after it was signed. */
  readonly spoil?: (call: PreparedCall) => PreparedCall;
}

/** Builds, signs, sends and judges one call. */
export async function converse(target: Target, family: Family, name: string, wish: Wish = {}): Promise<Exchange> {
  const { call, subject, members, key } = draftCall(target, family, name, wish);
  const outcome = await sendCall(call, { insecure: target.insecure, ...wish });
  return judged(target, family, name, { call, subject, members, key }, outcome, wish);
}

export interface Drafted {
  readonly call: PreparedCall;
  readonly subject: Subject;
  readonly members: Members;
  readonly key: string;
}

/** Builds and signs a call without sending it. */
export function draftCall(target: Target, family: Family, name: string, wish: Wish = {}): Drafted {
  if (name === 'applicationSync' && target.publicKey === undefined && wish.members?.clientSecret === undefined) {
    throw new Problem('problem.public-key-missing');
  }
  const key = wish.key ?? keyOf(target, family.keyClass);
  const now = wish.at ?? wish.subject?.now ?? Date.now();
  const subject = newSubject({
    seal: (plain) => sealValue(key, '1', plain),
    ...secretSealer(target),
    ...wish.subject,
    now,
  });
  const members = merged(activityOf(family, name).members(subject), wish.members);
  const { at } = target;
  const { body, nonce, contentType } = wish;
  const call = prepareCall({
    family,
    activity: name,
    members,
    at,
    key,
    now,
    ...(body !== undefined && { body }),
    ...(nonce !== undefined && { nonce }),
    ...(contentType !== undefined && { contentType }),
  });
  return { call: wish.spoil?.(call) ?? call, subject, members, key };
}

/** Judges an answer to a drafted call. @throws whatever the target's `onOutcome` throws */
export function judged(
  target: Target,
  family: Family,
  name: string,
  drafted: Drafted,
  outcome: Outcome,
  wish: Wish = {},
): Exchange {
  target.onOutcome?.(outcome);
  const { call, subject, members, key } = drafted;
  const options: AnswerOptions = {
    ...answerKeys(target, family, key),
    keyClass: family.keyClass,
    ring: target.ring,
    kind: family.scheme === 'token' ? 'aes' : 'plain',
    test: subject.test,
    usage: subject.charging === 'on-demand' || subject.charging === 'package',
    ...(typeof members.timeStamp === 'string' && { timeStamp: members.timeStamp }),
    ...(call.body && { request: call.body }),
    ...(target.privateKey && { privateKey: target.privateKey }),
    ...(target.bodySign && { bodySign: target.bodySign }),
    ...(target.limit !== undefined && { limit: target.limit }),
    ...(name === 'queryInstance' && {
      asked: String(members.instanceId)
        .split(',')
        .map((id) => id.trim()),
    }),
    ...(wish.expected && { expected: wish.expected }),
  };
  const judgement = judgeAnswer(outcome, family, activityOf(family, name), options);
  return { family, activity: name, call, outcome, judgement };
}

/**
 * The key that verified a call signs its answer. A call that no key verified is answered with the newest of its class,
 * a call with the key of another class with either.
 */
function answerKeys({ ring }: Target, { keyClass }: Family, key: string): { key: string; otherKeys: string[] } {
  const keys = ring[keyClass] ?? [];
  if (keys.includes(key)) return { key, otherKeys: [] };
  const known = Object.values(ring).flat().includes(key);
  return { key: keys[0] ?? key, otherKeys: known ? [key] : [] };
}

function secretSealer({ publicKey }: Target): Pick<Subject, 'sealSecret'> | undefined {
  return publicKey && { sealSecret: (plain) => sealOaep(publicKey, plain, { hash: 'sha256', mgf1: 'sha256' }) };
}

function merged(preset: Members, given: Readonly<Record<string, unknown>> = {}): Members {
  return Object.fromEntries(Object.entries({ ...preset, ...given }).filter(([, value]) => value !== undefined));
}
