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
  const input = jobs
    .map(({ act, hashes, key, data }) => [act, ...(hashes ?? ['-', '-']), key, data].join(' '))
    .join('\n');
  const program = fileURLToPath(new URL('Oaep.java', import.meta.url));
  const { status, stdout, stderr } = spawnSync('java', [program], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`java: ${stderr}`);
  return stdout.trim().split('\n');
}
