import { appendFileSync } from 'node:fs';
import { tableOn } from '../../../../lib/table/postgres/open.ts';
import type { MortalDatabase } from './database.ts';
import { patient, toleratesFailures } from './failures.ts';
import { live } from './live.ts';
import { withMoments } from './moments.ts';
import { runMortal, withDiary } from './mortal-process.ts';
import { type Crashed, recover } from './recover.ts';
import type { Life } from './scenario.ts';

/** Lets a process die at its n-th moment while the database goes on, and carries on as the marketplace would. */
export function serverKilledOnce(database: MortalDatabase, at: number, life: Life): Promise<Crashed> {
  return withDiary(async (diary) => {
    const table = await database.newTable();
    try {
      const env = { ...process.env, PGPASSWORD: database.password };
      await runMortal('mortal-on-postgres.ts', [database.url, table.name, diary, String(at), life], env);
      return await recover(patient(table), diary, life);
    } finally {
      await table.close();
    }
  });
}

/** Kills the database at the n-th moment of a process that lives on; the steps that fail are repeated afterwards. */
export function databaseKilledOnce(database: MortalDatabase, at: number, life: Life): Promise<Crashed> {
  return withDiary(async (diary) => {
    const table = await database.newTable();
    const write = (line: string) => appendFileSync(diary, `${line}\n`);
    let moments = 0;
    let restarted: Promise<void> | undefined;
    const moment = async (what: string) => {
      moments += 1;
      if (moments !== at) return;
      write(`died ${what}`);
      restarted = database.killAndRestart();
      await restarted;
    };
    try {
      const rival = life === 'released' ? table.name : undefined; // every change in a transaction
      const watched = tableOn(withMoments(table.connections, moment, rival), table.name);
      await live(life, { table: watched, write, moment, onFailure: toleratesFailures(write) });
      await restarted; // a statement may have given up before
      return await recover(patient(table), diary, life);
    } finally {
      await table.close();
    }
  });
}
