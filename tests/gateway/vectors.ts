/** Signed calls of APIG, with made-up keys. */
const post = {
  method: 'POST',
  target: '/v1/items/red%20box?tag=b&tag=a&empty=&q=a%2Fb%20c',
  body: '{"name":"红盒","n":1}',
};
const sent = { host: 'backend.example.com', 'x-sdk-date': '20260301T080910Z' };

/** Signature key of the vectors. */
export const SIGN_KEYS = { demo_sign_key_01: 'demo-Sign-Secret-0001' };

/** Time of the vectors, Unix milliseconds. */
export const SIGNED_AT = Date.UTC(2026, 2, 1, 8, 9, 10);

/** A signed call. */
export interface ApigVector {
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: string;
  readonly canonicalHash: string;
  readonly signature: string;
}

/** Signed calls with their signatures. */
export const APIG_VECTORS: readonly ApigVector[] = [
  {
    id: 'gw-hmac-get',
    method: 'GET',
    target: '/v1/items?b=2&a=1',
    body: '',
    headers: sent,
    signedHeaders: 'host;x-sdk-date',
    canonicalHash: '7af778714f35b444ff360e6ff4050cf0abf949690d7df5ac3c937b2048917107',
    signature: '1b1581c466e9625b3b02d81abca89517c80f9d487b2ff32f8d8513d0764d94e9',
  },
  {
    id: 'gw-hmac-post',
    ...post,
    headers: { ...sent, 'content-type': 'application/json' },
    signedHeaders: 'content-type;host;x-sdk-date',
    canonicalHash: 'd05bdb97ad5a0029169706df4ec85f97962f69da93690dc19c022251759db6eb',
    signature: '5f76278b249e1e9ba846c3edc82bf00de5c0906d7ae174cc0c8eb62cd9a8a0e8',
  },
  {
    id: 'gw-hmac-unsigned-payload',
    ...post,
    headers: { ...sent, 'content-type': 'application/json', 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' },
    signedHeaders: 'content-type;host;x-sdk-content-sha256;x-sdk-date',
    canonicalHash: '8f87a3caa3355658c89d1eed95f0daf09b6a7738360aff23df6366a900f8942f',
    signature: '7cb5e57eda5e890e47ffd4e150b93b7bd5d1f83cc232c1884a76e9d238543d66',
  },
];

/** The published example, whose secret is masked: its canonical form alone can be compared. */
export const PUBLISHED_CANONICAL = {
  method: 'GET',
  target: '/app1?b=2&a=1',
  headers: {
    host: 'c967a237-cd6c-470e-906f-a8655461897e.apigw.exampleRegion.com',
    'x-sdk-date': '20191111T093443Z',
  } as Readonly<Record<string, string>>,
  signedHeaders: 'host;x-sdk-date',
  canonicalHash: 'af71c5a7ef45310b8dc05ab15f7da50189ffa81a95cc284379ebaa5eb61155c0',
};

/** A call of a dedicated instance with basic authentication. */
export const BASIC = { keys: { demo_user: 'demo-Secret-01' }, authorization: 'Basic ZGVtb191c2VyOmRlbW8tU2VjcmV0LTAx' };

const HEADER = 'eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04iLCJ0eXAiOiJKV1QifQ';

/** APP Key and Secret of the tokens. */
export const APP_KEYS = { 'demo-app-key': 'demo-app-secret-0123456789abcdef' };

/** Time of issue of the tokens, Unix milliseconds. */
export const ISSUED_AT = 1_772_352_550_000;

/** Tokens of the Agents gateway; they differ in the unit of `exp` alone. */
export const TOKENS = {
  'agents-jwt-exp-seconds': `${HEADER}.eyJhcGlfa2V5IjoiZGVtby1hcHAta2V5IiwidGltZXN0YW1wIjoxNzcyMzUyNTUwMDAwLCJleHAiOjE3NzIzNTI4NTB9.y2rCCEUIwlPHYEG3xu2f97PgMhtlVgUTfAc4Q3uLlYc`,
  'agents-jwt-exp-millis': `${HEADER}.eyJhcGlfa2V5IjoiZGVtby1hcHAta2V5IiwidGltZXN0YW1wIjoxNzcyMzUyNTUwMDAwLCJleHAiOjE3NzIzNTI4NTAwMDB9.VoLQ81SiLER_rjuYu_p1Yl_dqvflBkBkiEVnatDF8TA`,
};
