import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProductKind } from '../../scripts/cli/certify/matrix.ts';
import { rsaPair } from '../support/rsa.ts';
import { keyArguments, koogate } from './desk.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';
import type { Settings } from './reference/settings.ts';

const pair = rsaPair();
/** Where the test may write. */
export const folder = mkdtempSync(join(tmpdir(), 'koogate-certify-'));
const publicKey = join(folder, 'public.pem');
writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
writeFileSync(join(folder, 'none.json'), '{}');

/** The part of the report that tests look at. */
export interface Report {
  readonly verdict: { id: string };
  readonly seed: number;
  readonly cases: { id: string; passed: boolean; runs: unknown[] }[];
  readonly conduct: unknown[];
  readonly findings: { id: string; text: string; severity: string; causes?: { id: string }[] }[];
}

/** Certifies the reference server with these settings. */
export async function certify(settings: Partial<Settings>, kind: string, ...args: string[]) {
  const server = await startServer(referenceSettings({ privateKey: pair.privateKey, ...settings }));
  try {
    const common = [
      '--at',
      server.at,
      '--other-at',
      server.at.replace('demo', 'other'),
      '--public-key',
      publicKey,
      '--secrets',
      join(folder, 'none.json'),
      ...keyArguments(KEYS),
    ];
    const ran = await koogate(['certify', '--product-kind', kind, '--json', ...common, ...args]);
    return { ...ran, report: JSON.parse(ran.out) as Report };
  } finally {
    await server.close();
  }
}

/** The kinds that the quick lane tries; the other lane tries the others. */
export const QUICK_KINDS: readonly ProductKind[] = ['saas-once', 'joint-once', 'license-2', 'order-notify'];
