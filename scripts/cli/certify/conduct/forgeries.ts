import { randomUUID } from 'node:crypto';
import { foreignKeys } from '../../../marketplace/calls/families.ts';
import type { Scheme } from '../../../marketplace/calls/family.ts';
import { freshNonce, type PreparedCall } from '../../../marketplace/calls/prepare.ts';
import { presets } from '../../../marketplace/calls/presets.ts';
import { draftCall, type Wish } from '../../conversation.ts';
import { keyOf } from '../../terminal/target.ts';
import { type Bench, type Conduct, type Conducted, refused, send } from './bench.ts';
import { proofBy, proofOf, withProof, withProofTwice } from './proof.ts';

/*
 * Calls that no holder of the right key has signed as they stand. The list follows what verifiers get wrong: they compare
 * as many digits as came, skip an empty text, remember what once held. It knows nothing of how any server verifies. All
 * are debugging calls, so a server that takes one has been told nothing but a test.
 */

interface Forgery {
  readonly id: string;
  readonly schemes?: readonly Scheme[];
  /** Another product may refuse in its own manner: by other keys, or because it has no such family. */
  readonly refusal?: 'any';
  readonly make: (bench: Bench) => Promise<readonly Wish[]> | readonly Wish[];
}

/** Right calls with other texts in place of their proof. */
const proofs =
  (...texts: ((right: string, call: PreparedCall, bench: Bench) => string)[]): Forgery['make'] =>
  (bench) =>
    texts.map((text): Wish => ({ spoil: (call) => withProof(call, text(proofOf(call), call, bench)) }));

const ownKey = ({ target, family }: Bench) => keyOf(target, family.keyClass);

/** The right proof of one call on another of the same moment. */
function borrowed(bench: Bench): readonly Wish[] {
  const { target, family, activity } = bench;
  const same = { at: Date.now(), nonce: freshNonce() };
  const other = draftCall(target, family, activity, {
    ...same,
    subject: { ...presets(family, true), businessId: randomUUID() },
    ...(family.scheme !== 'token' && { members: { remark: 'another call' } }),
  });
  return [{ ...same, spoil: (call) => withProof(other.call, proofOf(call)) }];
}

/** A call that held is followed by another with its proof and a fresh nonce: servers that remember what held take both. */
async function renewed(bench: Bench): Promise<readonly Wish[]> {
  const { call } = await send(bench);
  const nonce = freshNonce();
  const spoil = (): PreparedCall => ({
    ...call,
    url: call.url.replace(/([?&]nonce=)[^&]*/, `$1${nonce}`),
    headers: { ...call.headers, ...(call.headers['x-nonce'] !== undefined && { 'x-nonce': nonce }) },
  });
  return [{ spoil }];
}

/** One millisecond later, or earlier, than was signed. */
function shifted(call: PreparedCall): PreparedCall {
  const other = (_: string, before: string, digit: string) => before + (digit === '0' ? '1' : '0');
  const header = call.headers['x-timestamp'];
  return {
    ...call,
    url: call.url.replace(/([?&]time[sS]tamp=\d+)(\d)/, other),
    headers: {
      ...call.headers,
      ...(header !== undefined && { 'x-timestamp': header.replace(/^(\d+)(\d)$/, other) }),
    },
    ...(call.body &&
      call.headers.authToken !== undefined && {
        body: Buffer.from(call.body.toString('utf8').replace(/("timeStamp":"\d+)(\d)/, other)),
      }),
  };
}

const FORGERIES: readonly Forgery[] = [
  { id: 'empty', make: proofs(() => '') },
  { id: 'one-digit', make: proofs((right) => right.slice(0, 1)) },
  {
    id: 'prefix',
    make: proofs(
      (right) => right.slice(0, right.length / 2),
      (right) => right.slice(0, -4),
    ),
  },
  {
    id: 'placeholder',
    make: proofs(
      () => 'undefined',
      () => 'null',
      (right) => '0'.repeat(right.length),
      (right) => 'Z'.repeat(right.length),
    ),
  },
  {
    id: 'other-digest',
    make: proofs(
      (_, call, bench) => proofBy('sha1', ownKey(bench), call),
      (_, call, bench) => proofBy('sha512', ownKey(bench), call),
    ),
  },
  { id: 'no-key', make: proofs((_, call) => proofBy('sha256', '', call)) },
  {
    id: 'other-class',
    make: ({ family, target: { ring } }) => foreignKeys(family, ring).map((key): Wish => ({ key })),
  },
  { id: 'other-body', make: borrowed },
  { id: 'other-nonce', schemes: ['query', 'headers'], make: renewed },
  { id: 'other-time', make: () => [{ spoil: shifted }] },
  {
    id: 'two-proofs',
    make: () => [{ spoil: (call) => withProofTwice(call, 'A'.repeat(proofOf(call).length)) }],
  },
  {
    id: 'other-path',
    schemes: ['headers', 'token-header'],
    make: () => [{ spoil: (call) => ({ ...call, url: call.url.replace('/tenantSync', '/singleOrgSync') }) }],
  },
  {
    id: 'other-product',
    refusal: 'any',
    make: ({ target: { at, otherAt } }) =>
      otherAt === undefined ? [] : [{ spoil: (call) => ({ ...call, url: otherAt + call.url.slice(at.length) }) }],
  },
];

/** Findings that say: somebody without the key can have calls carried out. */
export function isForgeable(finding: string): boolean {
  return (
    finding.startsWith('finding.forged-') ||
    ['wrong-key', 'wrong-class', 'tampered', 'unsigned'].some((what) => finding === `finding.${what}-accepted`)
  );
}

/** Forged calls for a family, in the order in which they are tried. */
export function forgeriesOf(scheme: Scheme): readonly Conduct[] {
  return FORGERIES.filter(({ schemes }) => schemes === undefined || schemes.includes(scheme)).map(
    ({ id, make, refusal }) => ({
      id: `forged-${id}`,
      ask: async (bench) => {
        const results: Conducted[] = [];
        for (const wish of await make(bench))
          results.push(await refused(bench, `finding.forged-${id}`, ['000001', '000002'], wish));
        return {
          exchanges: results.flatMap(({ exchanges }) => exchanges),
          findings: results
            .flatMap(({ findings }) => findings)
            .filter((finding) => refusal !== 'any' || isForgeable(finding.id)),
        };
      },
    }),
  );
}
