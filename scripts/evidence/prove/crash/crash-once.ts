import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sweep } from '../../../../lib/fulfilment/fulfil-all.ts';
import type { InstanceItem } from '../../../../lib/instances/item.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import { readItem } from '../../../../lib/instances/write.ts';
import { createTable, localClient, startDynoxide } from '../../../dev/engine.ts';
import { CALLS, callsOf, fulfilment, INSTANCE, type Life } from './scenario.ts';

/** Result of one process: where it died (undefined: it did not), and what was wrong afterwards. */
export interface Crashed {
  readonly died: string | undefined;
  readonly wrong: string | undefined;
}

/** Lets a process die at its n-th moment, restarts the engine on its file, and carries on as the marketplace would. */
export async function crashOnce(at: number, life: Life): Promise<Crashed> {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-crash-'));
  const [dbPath, diary] = [join(folder, 'table.db'), join(folder, 'diary')];
  appendFileSync(diary, '');
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'mortal.ts'), dbPath, diary, String(at), life], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const words: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => words.push(text));
    const [code, signal] = await once(child, 'close');
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The process ended by itself: ${words.join('')}`);
    const wrong = await recover(dbPath, diary, life);
    return { died: /^died (.*)$/m.exec(readFileSync(diary, 'utf8'))?.[1], wrong };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recover(dbPath: string, diary: string, life: Life): Promise<string | undefined> {
  const engine = await restarted(dbPath);
  const client = localClient(engine.endpoint);
  const table = { name: 'koogate', client };
  let now = 1_700_000_060_000;
  try {
    await createTable(client, table.name);
    const known = readFileSync(diary, 'utf8');
    for (const name of callsOf(life)) {
      // An answered call is not made again; one without an answer may have taken effect.
      if (!known.includes(`answered ${name} `)) await CALLS[name]?.(table, now);
    }
    const deps = fulfilment(
      table,
      () => now,
      (key, hook) => appendFileSync(diary, `effect ${key} ${hook}\n`),
    );
    for (let idle = 0; idle < 2; ) {
      idle = (await sweep(deps, () => 1_000_000)).attempts === 0 ? idle + 1 : 0;
      now += 5_400_000;
    }
    const item = await readItem<InstanceItem>(table, keys.instance('demo', INSTANCE));
    return fault(readFileSync(diary, 'utf8'), item, life);
  } finally {
    client.destroy();
    await engine.stop();
  }
}

/** The engine that went down with the process may need a moment to let go of the file. */
async function restarted(dbPath: string) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await startDynoxide({ dbPath });
    } catch (error) {
      if (tries === 20) throw error;
      await pause(50);
    }
  }
}

function fault(diary: string, item: InstanceItem | undefined, life: Life): string | undefined {
  const effects = [...diary.matchAll(/^effect (\S+) (\w+)$/gm)].map(([, key, hook]) => ({ key, hook }));
  const first = effects.filter(({ key }, index) => effects.findIndex((other) => other.key === key) === index);
  const hooks = first.map(({ hook }) => hook).join(' ');
  if (item === undefined) return 'there is no instance';
  if (item.pending.length > 0 || item.leaseOwner !== undefined) return 'something is left to do';
  if (Object.keys(item.failed).length > 0) return 'a change was given up';
  if (life === 'living') {
    if (item.state !== 'ACTIVE') return `the instance is ${item.state}`;
    return hooks === callsOf(life).join(' ') ? undefined : `carried out: ${hooks}`;
  }
  if (item.state !== 'RELEASED') return `the instance is ${item.state}`;
  // The release overtakes what has not begun, so only the rest is certain: its place is the last.
  const inOrder = callsOf(life)
    .filter((name) => first.some(({ hook }) => hook === name))
    .join(' ');
  if (hooks !== inOrder || !hooks.endsWith('release')) return `carried out: ${hooks}`;
  return undefined;
}
