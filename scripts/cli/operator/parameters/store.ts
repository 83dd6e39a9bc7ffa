import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { SEALED_KINDS, type SealingKey } from '../../../../lib/secrets/secrets.ts';
import { names } from '../../../../lib/secrets/source.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';

/** Bytes of an advanced parameter; standard ones have 4096, and Parameter Store chooses by itself. */
const LARGEST = 8_192;

/** What is to be written, in this order. */
export interface WritePlan {
  readonly writes: readonly (readonly [name: string, text: string])[];
  /** Names that have to wait for a second run. */
  readonly deferred: readonly string[];
}

/**
 * Compares documents with what is stored. A new sealing key is given to those who open before those who seal: its
 * public half waits until the caches know the private one.
 * @throws Problem if a stored sealing key is missing from the documents: what it sealed could never be opened again
 */
export async function planWrites(
  client: SSMClient,
  prefix: string,
  documents: ReadonlyMap<string, string>,
): Promise<WritePlan> {
  const deferred: string[] = [];
  for (const kind of SEALED_KINDS) {
    const name = names.sealing(kind, 'private');
    const stored = await read(client, `${prefix}/${name}`);
    if (stored === undefined) continue;
    const before = keysOf(stored);
    const after = keysOf(documents.get(name) ?? '[]');
    for (const { kid, key } of before) {
      if (after.some((one) => one.kid === kid && one.key === key)) continue;
      throw new Problem('problem.sealing-key-lost', { name: `${prefix}/${name}`, kid }, EXIT.found);
    }
    const newest = after[0]?.kid;
    if (!before.some(({ kid }) => kid === newest)) deferred.push(names.sealing(kind, 'public'));
  }
  const writes = [...documents].filter(([name]) => !deferred.includes(name));
  for (const [name, text] of writes) {
    if (Buffer.byteLength(text) <= LARGEST) continue;
    throw new Problem('problem.too-large', { name: `${prefix}/${name}`, bytes: LARGEST }, EXIT.found);
  }
  return { writes, deferred };
}

/** Writes a parameter, replacing what was there; a `String` is for what CloudFormation reads. */
export async function write(
  client: SSMClient,
  name: string,
  text: string,
  type: 'SecureString' | 'String' = 'SecureString',
): Promise<void> {
  await client.send(
    new PutParameterCommand({
      Name: name,
      Value: text,
      Type: type,
      Overwrite: true,
      Tier: 'Intelligent-Tiering',
    }),
  );
}

async function read(client: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') return undefined;
    throw error;
  }
}

function keysOf(text: string): readonly SealingKey[] {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('problem.stored-key', {}, EXIT.found);
  }
}
