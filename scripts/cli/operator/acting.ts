import { userInfo } from 'node:os';
import type { Action } from '../../../lib/operations/record-action.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { hmacKeysOf } from '../../../lib/secrets/hmac-keys.ts';
import { type HmacKeys, SecretsUnavailable } from '../../../lib/secrets/secrets.ts';
import { Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Place, secretsOf } from './place.ts';

/** Options of every command that changes something: who does it, and why. */
export const ACTING = { as: { type: 'string' }, why: { type: 'string' } } as const;

interface Acting {
  readonly as?: string | undefined;
  readonly why?: string | undefined;
}

/** Makes the record of an action of a name on a subject. */
export type Recorder = (action: string, subject?: string) => Action;

/** Reads the keys for histories and pseudonyms; undefined if they are not there, or not for whoever runs the command. */
export async function keysAt(at: Place): Promise<HmacKeys | undefined> {
  try {
    return await hmacKeysOf(await secretsOf(at));
  } catch (error) {
    if (error instanceof SecretsUnavailable || error instanceof Problem) return undefined;
    throw error;
  }
}

/** Finds out who acts. Without the key of histories a note says that the entry stands outside the chain. */
export async function recorderOf(at: Place, { as, why }: Acting, terminal: Terminal): Promise<Recorder> {
  const keys = await keysAt(at);
  if (keys === undefined) terminal.note(terminal.say('operations.unchained'));
  const sealer = why === undefined ? undefined : createSealer(await secretsOf(at));
  const by = as ?? userInfo().username;
  return (action, subject) => ({
    action,
    by,
    at: terminal.clock(),
    ...(subject !== undefined && { subject }),
    ...(sealer !== undefined &&
      why !== undefined && {
        note: { text: why, seal: (key) => sealer.seal('personal', why, key) },
      }),
    ...(keys !== undefined && { key: keys.audit }),
  });
}
