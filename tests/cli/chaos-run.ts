import { keyArguments, koogate } from './desk.ts';
import { KEYS, referenceSettings, startServer } from './reference/server.ts';
import type { Settings } from './reference/settings.ts';

/** The part of the report that tests look at. */
export interface Report {
  readonly wrong: number;
  readonly probes: {
    id: string;
    verdict: string;
    did: Record<string, number>;
    findings: { id: string; text: string }[];
  }[];
}

/** Runs chaos against the reference server with these settings. */
export async function chaos(settings: Partial<Settings>, ...args: string[]) {
  const keys = settings.keys ?? KEYS;
  const server = await startServer(referenceSettings(settings));
  try {
    const ran = await koogate([
      'chaos',
      '--at',
      server.at,
      '--state',
      server.state,
      '--json',
      ...keyArguments(keys),
      ...args,
    ]);
    return { ...ran, report: JSON.parse(ran.out) as Report };
  } finally {
    await server.close();
  }
}

/** Access keys with an older one beside the newest of each call. */
export const twoKeys = { ...KEYS, base: [KEYS.base[0], '00000000-1111-2222-3333-444444444444'] };
