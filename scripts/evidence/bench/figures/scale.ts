import type { Agent } from 'node:http';
import pg from 'pg';
import { deriveInstanceId } from '../../../../lib/protocol/instance-id.ts';
import { utcSeconds } from '../../../marketplace/protocol/times.ts';
import { purchase } from '../events.ts';
import { calls, type Effort, type Figure, type Row } from '../figure.ts';
import { CONNECTIONS, loadAgent, purchaseRate, send } from '../load.ts';
import { cpuSecondsOf, parentOf } from '../server/cpu.ts';
import { fill } from '../server/fill.ts';
import { PRODUCT, type Program, type Stage, setUpStage } from '../server/stage.ts';
import { median, quantile, ratiosOf, spreadOf } from '../statistics.ts';

/** Instances of the full table, and how many of them are due. */
const FULL_TABLE = { instances: 1_000_000, due: 100_000 };
const YEAR = 365 * 86_400_000;
/** Milliseconds between two looks for backends that wait for a lock. */
const LOOK_EVERY_MS = 20;

/** Purchase of an order of its own, and the instance that comes of it. */
type Bought = Readonly<{ message: Readonly<Record<string, string>>; instanceId: string }>;

/** Calls that an instance lives through, in their order, and how each is answered while nobody fulfils. */
const ACTIVITIES: Readonly<Record<string, { readonly resultCode: string; readonly message: (it: Bought) => object }>> =
  {
    newInstance: { resultCode: '000004', message: ({ message }) => message },
    repeat: { resultCode: '000004', message: ({ message }) => message },
    queryInstance: { resultCode: '000004', message: ({ instanceId }) => ({ activity: 'queryInstance', instanceId }) },
    refreshInstance: {
      resultCode: '000000',
      message: ({ instanceId }) => ({
        ...purchase({ activity: 'refreshInstance', scene: 'RENEWAL', instanceId }),
        expireTime: utcSeconds(Date.now() + YEAR),
      }),
    },
    updateInstanceStatus: {
      resultCode: '000000',
      message: ({ instanceId }) => ({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' }),
    },
  };

/** Cost of one activity in one round, per call. */
interface Cost {
  /** Milliseconds of CPU, of the server and of the database. */
  readonly cpu: number;
  /** Pages that statements looked at, in the database's memory or not. */
  readonly pages: number;
  /** Statements sent. */
  readonly statements: number;
}

/** The server host on PostgreSQL: two servers beside one, a full table beside an empty one, and what the server keeps. */
export const scale: Figure = async (effort, say) => {
  say('starting PostgreSQL');
  const settings = { shared_preload_libraries: 'pg_stat_statements', shared_buffers: '128MB', max_wal_size: '4GB' };
  const stage = await setUpStage({ tables: ['small', 'full'], settings });
  const client = new pg.Client({ connectionString: stage.database });
  const agent = loadAgent();
  try {
    await client.connect();
    await client.query('CREATE EXTENSION pg_stat_statements');
    const database = await databasePid(client);
    const world = { stage, client, agent, effort, say, database };
    return [await twoServers(world), ...(await fullTable(world)), await memory(world)];
  } finally {
    agent.destroy();
    await client.end();
    await stage.stop();
  }
};

interface World {
  readonly stage: Stage;
  readonly client: pg.Client;
  readonly agent: Agent;
  readonly effort: Effort;
  readonly say: (text: string) => void;
  /** Process that all of the database's others belong to. */
  readonly database: number;
}

async function databasePid(client: pg.Client): Promise<number> {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const pid = parentOf(rows[0].pid);
  if (pid === undefined) throw new Error('The database’s process was not found.');
  return pid;
}

/** CPU of servers and database per purchase, with two servers on one table beside one alone. */
async function twoServers({ stage, client, agent, effort, say, database }: World): Promise<Row> {
  const programs = [await stage.accepting('small'), await stage.accepting('small')];
  const each = calls(effort, 400, 80);
  const cost: Record<'two' | 'one', number[]> = { two: [], one: [] };
  let looks = 0;
  let waits = 0;
  let looking = false;
  const look = setInterval(async () => {
    if (looking) return;
    looking = true;
    const text = `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
    const { rows } = await client.query(text);
    looking = false;
    looks += 1;
    waits += rows[0].waiting;
  }, LOOK_EVERY_MS);
  for (let round = -1; round < effort.rounds; round += 1) {
    say(`two servers beside one, round ${round + 2} of ${effort.rounds + 1}`);
    for (const name of round % 2 === 0 ? (['two', 'one'] as const) : (['one', 'two'] as const)) {
      const taking = name === 'two' ? programs : programs.slice(0, 1);
      const before = cpuOf(programs, database);
      await Promise.all(taking.map(({ port }) => purchaseRate(urlOf(port), stage.key, each / taking.length, agent)));
      if (round >= 0) cost[name].push(((cpuOf(programs, database) - before) / each) * 1_000);
    }
  }
  clearInterval(look);
  const ratio = spreadOf(ratiosOf(cost.two, cost.one));
  return {
    figure: 'CPU of servers and database per purchase, two servers ÷ one',
    value: ratio.median,
    spread: [ratio.low, ratio.high],
    goal: { atMost: 1.15 },
    ours: `${median(cost.two).toFixed(2)} ms`,
    theirs: `${median(cost.one).toFixed(2)} ms`,
    note: `${CONNECTIONS} connections; in ${looks} looks at the database ${waits} statements waited for a lock`,
  };
}

/** Measures what each call costs on a table of many years beside an empty one. */
async function fullTable({ stage, client, agent, effort, say, database }: World): Promise<readonly Row[]> {
  const instances = calls(effort, FULL_TABLE.instances);
  const due = calls(effort, FULL_TABLE.due);
  const sides = [
    { name: 'full', program: await stage.accepting('full') },
    { name: 'small', program: await stage.accepting('small') },
  ] as const;
  await purchaseRate(urlOf(sides[0].program.port), stage.key, 1, agent);
  await fill(client, {
    ...{ table: 'full', count: instances, due },
    say: (done) => say(`${done} of ${instances} instances stored`),
  });
  const each = calls(effort, 80, 16);
  const costs = { full: newBook(), small: newBook() };
  for (let round = -1; round < effort.rounds; round += 1) {
    say(`a full table beside an empty one, round ${round + 2} of ${effort.rounds + 1}`);
    for (const { name, program } of round % 2 === 0 ? sides : sides.toReversed()) {
      const bought = Array.from({ length: each }, () => boughtOf(purchase()));
      for (const [activity, { resultCode, message }] of Object.entries(ACTIVITIES)) {
        const messages = bought.map((one) => message(one));
        await client.query('SELECT pg_stat_statements_reset()');
        const before = cpuOf([program], database);
        const took = await send({ url: urlOf(program.port), key: stage.key, messages, resultCode }, agent);
        const cpu = ((cpuOf([program], database) - before) / each) * 1_000;
        if (round >= 0) costs[name].add(activity, { cpu, ...(await statementsOf(client, each)) }, took.each);
      }
    }
  }
  const size = await client.query(`SELECT pg_total_relation_size('"full".items') AS bytes`);
  const note =
    `${instances} instances, ${due} of them due, ${Math.round(size.rows[0].bytes / instances)} bytes an instance with ` +
    'its indexes; the worst activity counts';
  return (['cpu', 'pages', 'statements'] as const).map((member) => worst(costs, member, note));
}

function newBook() {
  const costs = new Map<string, Cost[]>();
  const times = new Map<string, number[]>();
  return {
    costs,
    times,
    add(activity: string, cost: Cost, each: readonly number[]): void {
      costs.set(activity, [...(costs.get(activity) ?? []), cost]);
      times.set(activity, [...(times.get(activity) ?? []), ...each]);
    },
  };
}

const TITLES = {
  cpu: 'CPU of server and database per call, full table ÷ empty',
  pages: 'pages looked at per call, full table ÷ empty',
  statements: 'statements per call, full table ÷ empty',
};

type Book = ReturnType<typeof newBook>;

/** The activity whose figure grows most with the table. */
function worst(books: Readonly<Record<'full' | 'small', Book>>, member: keyof Cost, note: string): Row {
  const all = Object.keys(ACTIVITIES).map((activity) => {
    const values = (book: Book) => (book.costs.get(activity) ?? []).map((cost) => cost[member]);
    const p99 = (book: Book) => quantile(book.times.get(activity) ?? [], 0.99).toFixed(1);
    const [full, small] = [values(books.full), values(books.small)];
    return { activity, full, small, p99: `${activity} ${p99(books.full)} and ${p99(books.small)}` };
  });
  const ratios = all.map((one) => ({ ...one, ratio: spreadOf(ratiosOf(one.full, one.small)) }));
  const most = ratios.reduce((a, b) => (b.ratio.median > a.ratio.median ? b : a));
  const unit = member === 'cpu' ? ' ms' : '';
  return {
    figure: TITLES[member],
    value: most.ratio.median,
    spread: [most.ratio.low, most.ratio.high],
    goal: { atMost: 1.5 },
    ours: `${median(most.full).toFixed(2)}${unit}, ${most.activity}`,
    theirs: `${median(most.small).toFixed(2)}${unit}`,
    note: member === 'cpu' ? `${note}; p99 in ms: ${all.map(({ p99 }) => p99).join(', ')}` : note,
  };
}

/** Statements sent since the last reset and the pages that they looked at, per call. */
async function statementsOf(client: pg.Client, count: number): Promise<Pick<Cost, 'pages' | 'statements'>> {
  const { rows } = await client.query(
    `SELECT sum(calls)::float AS calls, sum(shared_blks_hit + shared_blks_read)::float AS pages
     FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat%'`,
  );
  return { pages: rows[0].pages / count, statements: rows[0].calls / count };
}

/** Measures what the server keeps: its heap after collection, early and late. */
async function memory({ stage, agent, effort, say }: World): Promise<Row> {
  const program = await stage.accepting('small', { gc: true });
  const [early, late] = [calls(effort, 20_000, 500), calls(effort, 100_000, 2_500)];
  const known = Array.from({ length: 100 }, () => purchase());
  const sizes: number[] = [];
  for (let made = 0; made < late; ) {
    const fresh = made % 1_000 === 0 ? 100 : 0;
    const messages = fresh > 0 ? Array.from({ length: fresh }, () => purchase()) : known;
    await send({ url: urlOf(program.port), key: stage.key, messages, resultCode: '000004' }, agent);
    made += messages.length;
    if (made % 5_000 === 0) say(`heap of the server after ${made} of ${late} calls`);
    if (made === early || made === late) sizes.push(await program.heap());
  }
  const [first = 0, last = 0] = sizes;
  return {
    figure: `heap of the server host after collection, ${early} to ${late} calls, growth in MB`,
    value: (last - first) / 1e6,
    goal: { atMost: 2 },
    ours: `${(last / 1e6).toFixed(2)} MB`,
    theirs: `${(first / 1e6).toFixed(2)} MB after ${early}`,
    note: 'of ten calls one purchase and nine repeats, on PostgreSQL over HTTP',
  };
}

function boughtOf(message: Bought['message']): Bought {
  return { message, instanceId: deriveInstanceId(PRODUCT, message.orderId ?? '', message.orderLineId ?? '') };
}

function cpuOf(programs: readonly Program[], database: number): number {
  return programs.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), cpuSecondsOf(database));
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/produce/${PRODUCT}`;
}
