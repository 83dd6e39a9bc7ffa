import { textMembers } from '../../marketplace/protocol/auth-token.ts';
import { readTree } from '../../marketplace/protocol/json-tree.ts';
import { readUtc } from '../../marketplace/protocol/times.ts';
import { explainBodySign } from './body-sign.ts';
import { type Cause, type Diagnosis, distinct, type KeyRing } from './cause.ts';
import { type QueryParameter, readQueryParameters, type SeenCall } from './read/seen.ts';
import { explainSignature } from './signature.ts';
import { explainToken } from './token.ts';

/** Kind of request signature, of the marketplace's, that a call carries. */
export type SignedBy = 'query' | 'kit' | 'token' | 'token-header' | 'nothing';

/** The doctor's report about one call. */
export interface Examination {
  readonly signedBy: SignedBy;
  readonly keyClass: string;
  readonly diagnosis: Diagnosis;
  /** The answer's `Body-Sign`, where the answer came along. */
  readonly answer?: Diagnosis;
}

export interface ExamineOptions {
  /** Class of the key, where the caller knows better than the activity's name tells. */
  readonly keyClass?: string;
  /** A signature that somebody's server computed: explained in place of the call's own. */
  readonly computed?: string;
  /** Unix milliseconds at which the call is judged. */
  readonly now: number;
}

const WINDOW_MS = 60_000;

/** Form that `&timestamp` gets in a browser, which reads `&times` as ×. */
const ENTITY = /(?:×|%C3%97)tamp=/i;

/** Finds out how a call is signed, and whether, or why not, the signature holds. */
export function examine(call: SeenCall, ring: KeyRing, options: ExamineOptions): Examination {
  const parameters = readQueryParameters(call.url);
  const signedBy = signedByWhat(call, parameters);
  const keyClass = options.keyClass ?? classOf(call, signedBy, parameters, ring);
  const diagnosis = diagnose(call, parameters, signedBy, keyClass, ring, options);
  const header = call.answer?.headers['body-sign'];
  if (call.answer === undefined || header === undefined) return { signedBy, keyClass, diagnosis };
  const timeStamp = parameters.find(({ name }) => name === 'timeStamp')?.value;
  const { body } = call.answer;
  const signed = { keyClass, body, header, request: call.body, ...(timeStamp !== undefined && { timeStamp }) };
  return { signedBy, keyClass, diagnosis, answer: explainBodySign(signed, ring) };
}

function signedByWhat(call: SeenCall, parameters: readonly QueryParameter[]): SignedBy {
  const has = (name: string) => parameters.some((parameter) => parameter.name === name);
  if (call.headers['x-sign'] !== undefined) return 'kit';
  if (call.headers.authtoken !== undefined) return 'token-header';
  if (has('authToken')) return 'token';
  return has('signature') || has('timestamp') || has('nonce') || ENTITY.test(call.url) ? 'query' : 'nothing';
}

/** The class that the call's activity belongs to; the only class there is a key of, if there is but one. */
function classOf(call: SeenCall, signedBy: SignedBy, parameters: readonly QueryParameter[], ring: KeyRing): string {
  const classes = Object.keys(ring);
  if (classes.length === 1 && classes[0] !== undefined) return classes[0];
  if (signedBy === 'kit' || signedBy === 'token-header') return 'kit';
  const activity = parameters.find(({ name }) => name === 'activity')?.value ?? activityOf(call.body);
  if (activity === 'orderNotify') return 'general';
  return /^(refreshLicenseCode|updateLicenseCodeStatus|releaseLicenseCode)$/.test(activity ?? '') ? 'license' : 'base';
}

function activityOf(body: Buffer): string | undefined {
  const tree = readTree(body.toString('utf8').replace(/^\ufeff/, ''));
  const member = tree?.kind === 'object' ? tree.members.find(([name]) => name === 'activity')?.[1] : undefined;
  return member?.kind === 'string' ? member.value : undefined;
}

function diagnose(
  call: SeenCall,
  parameters: readonly QueryParameter[],
  signedBy: SignedBy,
  keyClass: string,
  ring: KeyRing,
  options: ExamineOptions,
): Diagnosis {
  if (signedBy === 'nothing') return { kind: 'explained', causes: [{ id: 'call.unsigned' }] };
  if (signedBy === 'token') {
    const token = options.computed ?? parameters.find(({ name }) => name === 'authToken')?.value ?? '';
    const found = explainToken({ keyClass, token, parameters, blanks: 'kept' }, ring);
    return withNotes(found, stampNotes(parameters, options.now));
  }
  if (signedBy === 'token-header') {
    const members: unknown = parse(call.body);
    const pairs = typeof members === 'object' && members !== null ? Object.entries(members) : [];
    const texts = textMembers(Object.fromEntries(pairs)).map(([name, value]) => ({ name, raw: value, value }));
    const token = options.computed ?? call.headers.authtoken ?? '';
    return explainToken({ keyClass, token, parameters: texts, blanks: 'skipped' }, ring);
  }
  return diagnosePost(call, parameters, signedBy, keyClass, ring, options);
}

function diagnosePost(
  call: SeenCall,
  parameters: readonly QueryParameter[],
  scheme: 'query' | 'kit',
  keyClass: string,
  ring: KeyRing,
  { computed, now }: ExamineOptions,
): Diagnosis {
  const find = (name: string) =>
    scheme === 'kit'
      ? call.headers[`x-${name === 'signature' ? 'sign' : name}`]
      : parameters.find((one) => one.name === name)?.value;
  const [signature, timestamp, nonce] = [computed ?? find('signature'), find('timestamp'), find('nonce')];
  const missing = distinct([
    ...(ENTITY.test(call.url) ? [{ id: 'call.html-entity' }] : []),
    ...(signature === undefined ? [{ id: 'call.signature-missing' }] : []),
    ...(timestamp === undefined && !ENTITY.test(call.url) ? [{ id: 'call.timestamp-missing' }] : []),
    ...(nonce === undefined ? [{ id: 'call.nonce-missing' }] : []),
    ...repeated(parameters, scheme),
  ]);
  if (missing.length === 1) return { kind: 'explained', causes: missing };
  if (missing.length > 1 || signature === undefined || timestamp === undefined || nonce === undefined) {
    return { kind: 'unknown', notes: missing };
  }
  const found = explainSignature({ scheme, keyClass, signature, stamp: { timestamp, nonce }, body: call.body }, ring);
  const trimmed = signature.trim();
  if (found.kind === 'unknown' && trimmed !== signature) {
    const again = explainSignature(
      { scheme, keyClass, signature: trimmed, stamp: { timestamp, nonce }, body: call.body },
      ring,
    );
    if (again.kind === 'right') return { kind: 'explained', causes: [{ id: 'encoding.blanks' }] };
  }
  return withNotes(found, windowNotes(timestamp, call.receivedAt ?? now, call));
}

function withNotes(diagnosis: Diagnosis, notes: readonly Cause[]): Diagnosis {
  return diagnosis.kind === 'right' ? { kind: 'right', notes: distinct([...diagnosis.notes, ...notes]) } : diagnosis;
}

function repeated(parameters: readonly QueryParameter[], scheme: 'query' | 'kit'): Cause[] {
  if (scheme === 'kit') return [];
  const names = ['signature', 'timestamp', 'nonce'];
  return names
    .filter((name) => parameters.filter((parameter) => parameter.name === name).length > 1)
    .map((about) => ({ id: 'call.repeated', about }));
}

/** Finds what else makes a server refuse a call whose signature holds. */
function windowNotes(timestamp: string, at: number, call: SeenCall): Cause[] {
  const notes: Cause[] = [];
  if (/^\d{10}$/.test(timestamp)) notes.push({ id: 'timestamp.seconds' });
  else if (!/^\d{13}$/.test(timestamp)) notes.push({ id: 'timestamp.form' });
  const sent = /^\d{10}$/.test(timestamp) ? Number(timestamp) * 1000 : Number(timestamp);
  const off = Math.round((at - sent) / 1000);
  if (Number.isFinite(off) && Math.abs(at - sent) > WINDOW_MS) {
    notes.push({ id: off > 0 ? 'timestamp.stale' : 'timestamp.future', about: String(Math.abs(off)) });
  }
  const type = call.headers['content-type'];
  if (type !== undefined && !/^application\/json\b/i.test(type))
    notes.push({ id: 'call.content-type', about: type.slice(0, 60) });
  if (call.method.toUpperCase() !== 'POST') notes.push({ id: 'call.method', about: call.method.slice(0, 10) });
  if (parse(call.body) === undefined) notes.push({ id: 'body.not-json' });
  return notes;
}

function stampNotes(parameters: readonly QueryParameter[], now: number): Cause[] {
  const stamp = parameters.find(({ name }) => name === 'timeStamp')?.value;
  if (stamp === undefined) return [{ id: 'token.stamp-missing' }];
  const at = readUtc(stamp);
  if (at === undefined) return [{ id: 'token.stamp-form' }];
  const hours = Math.round((at - now) / 3_600_000);
  return Math.abs(hours) === 8 ? [{ id: 'token.stamp-zone', about: String(hours) }] : [];
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
