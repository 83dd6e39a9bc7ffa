import fc from 'fast-check';
import { canonicalForm } from '../../lib/protocol/canonical-form.ts';
import { asciiJson, parseBody } from '../../lib/protocol/json.ts';
import { verifyKitToken } from '../../lib/protocol/kit/auth-token.ts';
import { parseKitMessage, readKitPath } from '../../lib/protocol/kit/messages.ts';
import { readPseudoJson } from '../../lib/protocol/kit/pseudo-json.ts';
import { parseKitTime } from '../../lib/protocol/kit/times.ts';
import { parseKitBody, verifyKit } from '../../lib/protocol/kit/x-sign.ts';
import {
  LICENSE_ACTIVITIES,
  type LicenseActivityName,
  parseLicenseMessage,
} from '../../lib/protocol/license/messages.ts';
import { parseLicenseTime } from '../../lib/protocol/license/times.ts';
import { ACTIVITIES, type ActivityName, parseMessage } from '../../lib/protocol/messages.ts';
import { readQuery, signQuery, verifyQuery } from '../../lib/protocol/query-signature.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { readSignedTime } from '../../lib/protocol/signed-time.ts';
import { parseMarketplaceTime } from '../../lib/protocol/times.ts';
import { verifyAuthToken } from '../../lib/protocol/v1/auth-token.ts';
import { decodeExtendParams } from '../../lib/protocol/v1/extend-params.ts';
import { parseV1Message, V1_ACTIVITIES, type V1ActivityName } from '../../lib/protocol/v1/messages.ts';
import { readParameters } from '../../lib/protocol/v1/parameters.ts';
import { parseTimeStamp } from '../../lib/protocol/v1/time-stamp.ts';
import { bytes, mutated } from './inputs.ts';

const KEY = 'an access key';
const KEYS = [{ keyClass: 'base' as const, key: KEY }];
const NOW = 1_700_000_000_000;
const STAMP = String(NOW);

/** Runs what may refuse. @throws whatever is no Refusal */
function mayRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function must(statement: boolean, otherwise: string): void {
  if (!statement) throw new Error(otherwise);
}

const property = <Input>(input: fc.Arbitrary<Input>, check: (input: Input) => void) =>
  fc.property(input, (some) => check(some));

/** The same value, whatever the order of members and the form of numbers. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}

/** Whatever reads bytes that a stranger sent, each as a property of any input. */
export const PARSERS: Readonly<Record<string, fc.IProperty<[unknown]>>> = {
  'query string': property(mutated('query'), (text) => {
    const read = mayRefuse(() => readQuery(text));
    if (read === undefined) return;
    must(!Number.isNaN(mayRefuse(() => readSignedTime(read.timestamp, NOW))), 'a time is no number');
    must(read.nonce.length <= text.length && read.signature.length <= text.length, 'a parameter grew');
  }) as fc.IProperty<[unknown]>,
  times: property(mutated('time'), (text) => {
    for (const parse of [parseMarketplaceTime, parseTimeStamp, parseKitTime, parseLicenseTime]) {
      const ms = parse(text);
      must(ms === undefined || Number.isSafeInteger(ms), `${parse.name} made ${ms} of a text`);
    }
    const sentAt = mayRefuse(() => readSignedTime(text, NOW));
    must(sentAt === undefined || Math.abs(sentAt - NOW) <= 60_000, 'a time outside the window was taken');
  }) as fc.IProperty<[unknown]>,
  'body and messages': property(bytes('body'), (raw) => {
    const body = mayRefuse(() => parseBody(raw));
    if (body === undefined) return;
    must(
      Object.getPrototypeOf(body) === null || Object.getPrototypeOf(body) === Object.prototype,
      'a strange prototype',
    );
    for (const activity of Object.keys(ACTIVITIES) as ActivityName[]) mayRefuse(() => parseMessage(activity, body));
    for (const activity of Object.keys(LICENSE_ACTIVITIES) as LicenseActivityName[]) {
      mayRefuse(() => parseLicenseMessage(activity, body));
    }
    must(Buffer.byteLength(asciiJson(body)) === asciiJson(body).length, 'asciiJson wrote what is not ASCII');
  }) as fc.IProperty<[unknown]>,
  'canonical form': property(mutated('body'), (mutation) => {
    const text = Buffer.from(mutation).toString();
    const bytes = canonicalForm(Buffer.from(text));
    if (bytes === undefined) return;
    must(canonicalForm(bytes)?.equals(bytes) === true, 'the canonical form of a canonical form is another');
    const form = bytes.toString();
    if (mayRefuse(() => parseBody(text)) === undefined) {
      must(mayRefuse(() => parseBody(form)) === undefined, 'the canonical form mends what is no call');
      return;
    }
    const dropped = Object.entries(JSON.parse(text) as object).filter(([, value]) => value !== null);
    const same = JSON.stringify(sorted(JSON.parse(form))) === JSON.stringify(sorted(Object.fromEntries(dropped)));
    must(same || text.includes('__proto__'), 'the canonical form says something else');
  }) as fc.IProperty<[unknown]>,
  'V1.0 query string': property(mutated('v1-query'), (text) => {
    mayRefuse(() => verifyAuthToken({ keys: KEYS, rawQueryString: text }));
    for (const reading of mayRefuse(() => readParameters(text)) ?? []) {
      const parameters = Object.fromEntries(reading);
      for (const activity of Object.keys(V1_ACTIVITIES) as V1ActivityName[]) {
        mayRefuse(() => parseV1Message(activity, parameters));
      }
      mayRefuse(() => decodeExtendParams(parameters.saasExtendParams ?? ''));
    }
  }) as fc.IProperty<[unknown]>,
  'Kit bodies': property(bytes('kit-body'), (raw) => {
    mayRefuse(() => readPseudoJson(raw.toString()));
    mayRefuse(() => verifyKitToken({ keys: KEYS, raw, headers: { authtoken: 'x' } }));
    const body = mayRefuse(() => parseKitBody(raw));
    if (body === undefined) return;
    for (const path of ['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync']) {
      const known = readKitPath(`produceAPI/v2/${path}`);
      if (known !== undefined) mayRefuse(() => parseKitMessage(known.activity, body));
    }
  }) as fc.IProperty<[unknown]>,
};

const forged = fc.tuple(bytes('body'), bytes('body'), fc.string({ maxLength: 40 }));

/** Whatever decides that a call is the marketplace's. */
export const VERIFIERS: Readonly<Record<string, fc.IProperty<[unknown]>>> = {
  'signature of a call': property(forged, ([raw, other, nonce]) => {
    const parts = { keys: KEYS, timestamp: STAMP, nonce };
    const signature = signQuery(KEY, raw, STAMP, nonce);
    must(verifyQuery({ ...parts, raw, signature }) !== undefined, 'a right signature was refused');
    must(
      verifyQuery({ ...parts, raw, signature: signature.replace(/./, (a) => (a === '0' ? '1' : '0')) }) === undefined,
      'a wrong one was taken',
    );
    must(
      verifyQuery({ ...parts, keys: [{ keyClass: 'base', key: 'another' }], raw, signature }) === undefined,
      'another key was taken',
    );
    const taken = verifyQuery({ ...parts, raw: other, signature });
    const form = canonicalForm(other);
    must(
      taken === undefined || raw.equals(other) || form?.equals(raw) === true,
      'the signature of another body was taken',
    );
  }) as fc.IProperty<[unknown]>,
  'texts as signatures': property(fc.tuple(bytes('body'), mutated('query'), mutated('time')), ([raw, text, stamp]) => {
    const parts = { keys: KEYS, raw, signature: text, timestamp: stamp, nonce: text };
    must(verifyQuery(parts) === undefined, 'any text is a signature');
    must(mayRefuse(() => verifyKit(parts)) === undefined, 'any text is a Kit signature');
  }) as fc.IProperty<[unknown]>,
};
