import { availableParallelism } from 'node:os';
import { databaseKilledOnce, serverKilledOnce } from '../crash/crash-on-postgres.ts';
import { crashOnce } from '../crash/crash-once.ts';
import { type MortalDatabase, startMortalDatabase } from '../crash/database.ts';
import type { Crashed } from '../crash/recover.ts';
import type { Life } from '../crash/scenario.ts';
import type { Line, Proof } from '../proof.ts';

/** Breaks a life off at its n-th moment, and says what came of it. */
type CrashAt = (at: number, life: Life) => Promise<Crashed>;

/** A process killed with SIGKILL at each moment at which it waits; on PostgreSQL the database too. */
export const crash: Proof = async (_, say) => {
  const lines = [
    await everyMoment(
      'living',
      { crashAt: crashOnce, lanes: lanes() },
      {
        statement: 'killed at any await of accept, fulfil, complete: all is carried out, in order, once',
        ran: 'processes killed, one at each moment, the engine restarted on its file each time',
      },
      say,
    ),
    await everyMoment(
      'released',
      { crashAt: crashOnce, lanes: lanes() },
      {
        statement: 'the same for a life that ends with a release: nothing comes after it',
        ran: 'processes killed, one at each moment, the engine restarted on its file each time',
      },
      say,
    ),
  ];
  const database = await startMortalDatabase();
  try {
    return [...lines, ...(await onPostgres(database, say))];
  } finally {
    await database.stop();
  }
};

/** Both lives on PostgreSQL: the process killed in the middle of each statement and after it, then the database. */
async function onPostgres(database: MortalDatabase, say: (text: string) => void): Promise<readonly Line[]> {
  const server: CrashAt = (at, life) => serverKilledOnce(database, at, life);
  const whole: CrashAt = (at, life) => databaseKilledOnce(database, at, life);
  const both = async (crashAt: CrashAt, count: number, text: Pick<Line, 'statement' | 'ran'>) =>
    joined([
      await everyMoment('living', { crashAt, lanes: count }, text, say),
      await everyMoment('released', { crashAt, lanes: count }, text, say),
    ]);
  return [
    await both(server, lanes(), {
      statement: 'on PostgreSQL, server killed in any statement and after it: all is carried out, in order, once',
      ran: 'processes killed, with a statement on its way or just answered, transactions included',
    }),
    await both(whole, 1, {
      statement:
        'on PostgreSQL, database killed in any statement and after it: nothing answered is lost, nothing twice',
      ran: 'databases killed with all their processes and recovered from their log, the server living on',
    }),
  ];
}

function lanes(): number {
  return Math.min(4, availableParallelism());
}

interface Counted extends Line {
  readonly deaths: number;
}

function joined(counted: readonly Counted[]): Line {
  const [first] = counted;
  if (first === undefined) throw new Error('Expected at least one line.');
  const deaths = counted.reduce((sum, { deaths: more }) => sum + more, 0);
  return {
    statement: first.statement,
    ran: first.ran.replace(/^\d+/, String(deaths)),
    verdict: counted.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'BROKEN',
    note: counted.flatMap(({ note }) => note || []).join('; '),
  };
}

async function everyMoment(
  life: Life,
  { crashAt, lanes: count }: { readonly crashAt: CrashAt; readonly lanes: number },
  { statement, ran }: Pick<Line, 'statement' | 'ran'>,
  say: (text: string) => void,
): Promise<Counted> {
  let [next, deaths, survived] = [1, 0, false];
  const wrong: string[] = [];
  const lane = async () => {
    while (!survived) {
      const at = next;
      next += 1;
      const { died, wrong: what } = await crashAt(at, life);
      if (died === undefined) survived = true;
      else deaths += 1;
      if (what !== undefined) wrong.push(`moment ${at} (${died ?? 'survived'}): ${what}`);
      if (at % 10 === 0) say(`${life}: ${at} moments`);
    }
  };
  await Promise.all(Array.from({ length: count }, lane));
  return {
    statement,
    ran: `${deaths} ${ran}`,
    verdict: wrong.length === 0 ? 'holds' : 'BROKEN',
    note: wrong.slice(0, 3).join('; '),
    deaths,
  };
}
