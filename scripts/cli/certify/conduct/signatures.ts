import { randomUUID } from 'node:crypto';
import { freshNonce, type PreparedCall } from '../../../marketplace/calls/prepare.ts';
import { accepted, type Conduct, refused, send } from './bench.ts';

/* Duties of every signed POST besides passing its cases: to refuse what was not signed, and accept what was. */

const AUTHENTICATION = ['000001'];
const PARAMETER = ['000002'];
const EITHER = ['000001', '000002'];

/** Takes a stamp's member away, wherever the family carries it. */
function without(name: 'signature' | 'timestamp' | 'nonce') {
  return (call: PreparedCall): PreparedCall => {
    const header = `x-${name === 'signature' ? 'sign' : name}`;
    const headers = Object.fromEntries(Object.entries(call.headers).filter(([one]) => one !== header));
    const url = call.url.replace(new RegExp(`([?&])${name}=[^&]*&?`), '$1').replace(/[?&]$/, '');
    return { ...call, headers, url };
  };
}

/** Changes one character of the body after it was signed. */
function tampered(call: PreparedCall): PreparedCall {
  const body = Buffer.from(call.body ?? '');
  const at = body.lastIndexOf('"') - 1;
  body[at] = body[at] === 0x31 ? 0x32 : 0x31;
  return { ...call, body };
}

/** The signature in lower-case digits. */
function lowerCase(call: PreparedCall): PreparedCall {
  const url = call.url.replace(
    /(signature=)([0-9A-F]+)/,
    (_, name: string, digits: string) => name + digits.toLowerCase(),
  );
  const sign = call.headers['x-sign'];
  return {
    ...call,
    url,
    headers: sign === undefined ? call.headers : { ...call.headers, 'x-sign': sign.toLowerCase() },
  };
}

/** A forged call must not use up the nonce of a right one: strangers who see nonces could stop calls. */
const spentNonce: Conduct = {
  id: 'spent-nonce',
  ask: async (bench) => {
    const nonce = freshNonce();
    const forged = await send(bench, { key: randomUUID(), nonce });
    const { exchanges, findings } = await accepted(bench, 'finding.nonce-spent', { nonce });
    return { exchanges: [forged, ...exchanges], findings };
  },
};

export const SIGNATURE_CONDUCT: readonly Conduct[] = [
  {
    id: 'wrong-key',
    ask: (bench) => refused(bench, 'finding.wrong-key-accepted', AUTHENTICATION, { key: randomUUID() }),
  },
  {
    id: 'tampered-body',
    ask: (bench) => refused(bench, 'finding.tampered-accepted', AUTHENTICATION, { spoil: tampered }),
  },
  {
    id: 'no-signature',
    ask: (bench) => refused(bench, 'finding.unsigned-accepted', AUTHENTICATION, { spoil: without('signature') }),
  },
  {
    id: 'no-timestamp',
    ask: (bench) => refused(bench, 'finding.no-timestamp-accepted', EITHER, { spoil: without('timestamp') }),
  },
  { id: 'no-nonce', ask: (bench) => refused(bench, 'finding.no-nonce-accepted', EITHER, { spoil: without('nonce') }) },
  { id: 'stale', ask: (bench) => refused(bench, 'finding.stale-accepted', PARAMETER, { at: Date.now() - 120_000 }) },
  { id: 'future', ask: (bench) => refused(bench, 'finding.future-accepted', PARAMETER, { at: Date.now() + 120_000 }) },
  { id: 'slow-clock', ask: (bench) => accepted(bench, 'finding.window-narrow', { at: Date.now() - 45_000 }) },
  { id: 'fast-clock', ask: (bench) => accepted(bench, 'finding.window-narrow', { at: Date.now() + 45_000 }) },
  { id: 'lower-case', ask: (bench) => accepted(bench, 'finding.case-sensitive', { spoil: lowerCase }) },
  {
    id: 'type-plain',
    ask: (bench) => accepted(bench, 'finding.content-type-refused', { contentType: 'application/json' }),
  },
  {
    id: 'type-utf-8',
    ask: (bench) => accepted(bench, 'finding.content-type-refused', { contentType: 'application/json;charset=utf-8' }),
  },
  spentNonce,
  { id: 'plus-in-nonce', ask: (bench) => accepted(bench, 'finding.plus-refused', { nonce: `a+b/${randomUUID()}==` }) },
];
