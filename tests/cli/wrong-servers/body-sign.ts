import { mac } from '../reference/verify.ts';
import type { WrongServer } from './wrong-server.ts';

/* Servers that sign their answers wrongly. */

const header = (value: string) => `sign_type="HMAC-SHA256", signature= "${value}"`;

export const bodySignServers: readonly WrongServer[] = [
  {
    name: 'signs one serialisation and sends another',
    settings: () => ({
      bodySign: (key, body) =>
        header(mac(key, JSON.stringify(JSON.parse(body.toString()), null, 2)).toString('base64')),
    }),
    kind: 'saas-once',
    caught: ['check.body-sign-wrong.fail', 'body.pretty'],
  },
  {
    name: 'signs before the text is escaped',
    settings: () => ({
      bodySign: (key, body) => header(mac(key, JSON.stringify(JSON.parse(body.toString()))).toString('base64')),
    }),
    kind: 'saas-once',
    caught: ['check.body-sign-wrong.fail', 'body.compacted'],
  },
  {
    name: 'signs with access key and timeStamp (V1.0)',
    settings: () => ({
      bodySign: (key, body, heard) =>
        header(mac(key + (/timeStamp=(\d+)/.exec(heard.query)?.[1] ?? ''), body).toString('base64')),
    }),
    kind: 'saas-v1-once',
    caught: ['check.body-sign-wrong.fail', 'body-sign.time-stamp'],
  },
  {
    name: 'writes the signature as hex',
    settings: () => ({ bodySign: (key, body) => header(mac(key, body).toString('hex')) }),
    kind: 'saas-once',
    caught: ['check.body-sign-malformed.fail', 'encoding.hex'],
  },
  {
    name: 'leaves the quotes of the header out',
    settings: () => ({ bodySign: (key, body) => header(mac(key, body).toString('base64')).replaceAll('"', '') }),
    kind: 'saas-once',
    caught: ['check.body-sign-malformed.fail', 'body-sign.form'],
  },
  {
    name: 'spells the header body-sign (V1.0)',
    settings: () => ({ spell: (name) => (name === 'Body-Sign' ? 'body-sign' : name) }),
    kind: 'saas-v1-once',
    caught: ['check.body-sign-spelling.fail'],
  },
  {
    name: 'signs nothing',
    settings: () => ({ bodySign: () => undefined }),
    kind: 'saas-once',
    caught: ['check.body-sign-missing.fail'],
  },
  {
    name: 'leaves refusals unsigned',
    settings: () => ({ signRefusals: false }),
    kind: 'saas-once',
    caught: ['finding.refusal-unsigned'],
  },
  {
    name: 'signs with the Kit key',
    settings: () => ({
      bodySign: (_, body) => header(mac('1b0e6a52-77aa-4c0e-8f6a-8a3f3a1f9b7c', body).toString('base64')),
    }),
    kind: 'saas-once',
    caught: ['check.body-sign-wrong.fail', 'key.wrong-class'],
  },
];
