import { readFileSync } from 'node:fs';

/** The schemes of `tests/vectors.json`, with the members that their vectors have. */
interface Schemes {
  'query-hmac': {
    keys: { accessKey: string };
    inputs: { timestamp: string; nonce: string; body: string };
    expected: {
      signature?: string;
      signatureOverRawBytes?: string;
      reserialisedBody?: string;
      signatureOverReserialisedBody?: string;
    };
  };
  'body-sign': { keys: { accessKey: string }; inputs: { body: string }; expected: { header: string } };
  'v1-auth-token': {
    keys: { accessKey: string };
    inputs: { parametersDecoded: Record<string, string> };
    expected: { hmacKey: string; joined: string; authToken: string; authTokenInUrl: string };
  };
  'v1-sha1prng': { keys: { accessKey: string }; expected: { aes128KeyHex: string; aes256KeyHex: string } };
  'v1-aes-cbc': {
    keys: { accessKey: string; aesKeyHex: string };
    inputs: { encryptType: '1' | '2'; ivAscii: string; plaintext: string };
    expected: { wireValue: string };
  };
  'kit-x-sign': {
    keys: { accessKey: string };
    inputs: { xTimestamp: string; xNonce: string; body: string };
    expected: { canonical: string; xSign: string };
  };
  'usage-push-signature': {
    keys: { accessKey: string };
    inputs: { ts: string; nonce: string; body: string };
    expected: { signature: string };
  };
  'sdk-hmac-sha256': {
    keys: { ak: string; sk: string };
    inputs: { method: string; url: string; headers: Record<string, string>; signedHeaders: string; body: string };
    expected: { canonicalRequest: string; stringToSign: string; signature: string; authorization: string };
  };
}

type Scheme = keyof Schemes;

type AnyVector = { [S in Scheme]: { readonly id: string; readonly scheme: S } & Schemes[S] }[Scheme];

const all: readonly AnyVector[] = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8'));

/** The vectors of a scheme. @throws Error if there is none, so that a misspelt scheme cannot pass as tested. */
export function vectorsOf<S extends Scheme>(scheme: S): Extract<AnyVector, { scheme: S }>[] {
  const found = all.filter((vector): vector is Extract<AnyVector, { scheme: S }> => vector.scheme === scheme);
  if (found.length === 0) throw new Error(`No vector of the scheme ${scheme}.`);
  return found;
}
