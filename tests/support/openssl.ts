import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether OpenSSL's command line is installed here. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** HMAC-SHA256 as OpenSSL computes it. */
export function opensslHmac(key: Uint8Array, message: Uint8Array): Buffer {
  const macKey = `hexkey:${Buffer.from(key).toString('hex')}`;
  return openssl(['dgst', '-sha256', '-mac', 'HMAC', '-macopt', macKey, '-binary'], message);
}

/** OAEP as OpenSSL does it. The key is PEM: SPKI to encrypt, PKCS#8 to decrypt. */
export function opensslOaep(
  act: 'encrypt' | 'decrypt',
  pem: string,
  input: Uint8Array,
  hash: string,
  mgf1Hash: string,
) {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-'));
  try {
    const keyFile = join(folder, 'key.pem');
    writeFileSync(keyFile, pem, { mode: 0o600 });
    const padding = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${mgf1Hash}`];
    const half = act === 'encrypt' ? ['-pubin'] : [];
    const options = padding.flatMap((option) => ['-pkeyopt', option]);
    return openssl(['pkeyutl', `-${act}`, ...half, '-inkey', keyFile, ...options], input);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openssl(args: string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync('openssl', args, { input });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr.toString()}`);
  return stdout;
}
