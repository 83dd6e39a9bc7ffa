import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createTable, localClient, startDynoxide } from '../../../dev/engine.ts';
import { runMortal, withDiary } from './mortal-process.ts';
import { type Crashed, recover } from './recover.ts';
import type { Life } from './scenario.ts';

/** Lets a process die at its n-th moment, restarts the engine on its file, and carries on as the marketplace would. */
export function crashOnce(at: number, life: Life): Promise<Crashed> {
  return withDiary(async (diary, folder) => {
    const dbPath = join(folder, 'table.db');
    await runMortal('mortal.ts', [dbPath, diary, String(at), life]);
    const engine = await restarted(dbPath);
    const client = localClient(engine.endpoint);
    try {
      await createTable(client, 'koogate');
      return await recover({ name: 'koogate', client }, diary, life);
    } finally {
      client.destroy();
      await engine.stop();
    }
  });
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
