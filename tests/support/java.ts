import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Whether a JDK that runs single source files is installed here. */
export const hasJava = spawnSync('javac', ['-version']).status === 0;

/** One job for the Java program: hashes in Java's names, or none for Java's default. Key (DER) and data in base64. */
export interface JavaJob {
  readonly act: 'encrypt' | 'decrypt';
  readonly hashes?: readonly [hash: string, mgf1Hash: string];
  readonly key: string;
  readonly data: string;
}

/** Runs all jobs in one Java process, since its start takes longer than they do; results in base64. */
export function javaOaep(jobs: readonly JavaJob[]): string[] {
  return runJava(
    'Oaep.java',
    jobs.map(({ act, hashes, key, data }) => [act, ...(hashes ?? ['-', '-']), key, data].join(' ')),
  );
}

/** One job for the Java program of AES: what KeyGenerator makes of an access key, and what the cipher does with it. */
export interface JavaAesJob {
  readonly act: 'derive' | 'encrypt' | 'decrypt';
  readonly bits: 128 | 256;
  readonly accessKey: string;
  readonly iv?: string;
  readonly data?: Uint8Array;
}

/** Runs all jobs in one Java process; results as bytes. */
export function javaAes(jobs: readonly JavaAesJob[]): Buffer[] {
  const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64');
  const lines = jobs.map(({ act, bits, accessKey, iv = '', data = '' }) =>
    [act, bits, base64(accessKey), base64(iv), base64(data)].join(' '),
  );
  return runJava('Aes.java', lines).map((line) => Buffer.from(line, 'base64'));
}

function runJava(program: string, lines: readonly string[]): string[] {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const { status, stdout, stderr } = spawnSync('java', [file], { input: lines.join('\n'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`java: ${stderr}`);
  return stdout.replace(/\r?\n$/, '').split(/\r?\n/); // an empty line is an empty result
}
