import { type ClientBase, Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import type { Address } from './address.ts';
import { OutcomeUnknown, READ_ONLY, TableUnavailable, type Trouble, troubleOf, troubleText } from './errors.ts';
import { Slots } from './slots.ts';

/** Milliseconds to a connection, and to the answer whether it leads to the primary. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Milliseconds that a request waits while all connections are busy; the call's own deadline may be earlier. */
const QUEUE_TIMEOUT_MS = 5_000;
/** Milliseconds to a connection once it is the request's turn. */
const ACQUIRE_TIMEOUT_MS = 1_500;
/** Milliseconds that one request may take with all its statements, once it has a connection. */
const REQUEST_TIMEOUT_MS = 2_500;
/** Seconds after which a connection is replaced: a moved address is noticed, and a new password used. */
const MAX_LIFETIME_SECONDS = 1_800;
/** Connections of one process, unless told. */
const MAX_CONNECTIONS = 10;

/** A statement on a connection that is lent. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Once it is carried out, the write has taken effect: without its answer nobody knows. */
  readonly commits?: boolean;
}

/** Runs a statement. */
export type Query = <Row extends QueryResultRow>(statement: Statement) => Promise<QueryResult<Row>>;

/** Connections to one database. */
export interface Connections {
  /**
   * Lends a connection for one request; it is taken back if it is idle then, and destroyed otherwise.
   * @throws TableUnavailable if nothing was written, OutcomeUnknown if nobody knows, else what `use` threw
   */
  lend<Result>(use: (query: Query) => Promise<Result>, options?: LendOptions): Promise<Result>;
  /** Counts of connections: all, idle, and requests that wait for one. */
  counts(): { readonly total: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface LendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds with a connection in hand; 2 500 unless told. */
  readonly timeoutMs?: number;
}

export interface ConnectionOptions {
  /** Asked at each new connection, so that a changed password needs no restart. */
  readonly password: () => Promise<string | undefined>;
  /** Connections at most. */
  readonly max?: number;
}

/** Opens connections as they are needed; none yet. */
export function openConnections(address: Address, { password, max = MAX_CONNECTIONS }: ConnectionOptions): Connections {
  const pool = new Pool({
    ...address,
    password: password as () => Promise<string>, // the client takes undefined for none, its types do not say so
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    keepAlive: true,
    application_name: 'koogate',
    onConnect: refuseStandby,
  });
  /** Connections that were made before the last one was lost are not trusted: the address may lead elsewhere now. */
  let losses = 0;
  const made = new WeakMap<ClientBase, number>();
  pool.on('error', () => {}); // an idle connection has ended: the pool has dropped it
  pool.on('connect', (client) => {
    made.set(client, losses);
    client.on('error', () => {}); // whoever has borrowed it is told by the statement that fails
  });

  async function acquire(): Promise<PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if (made.get(client) === losses) return client;
      client.release(true);
    }
  }

  async function borrow(signal: AbortSignal | undefined): Promise<PoolClient> {
    signal?.throwIfAborted();
    const client = acquire();
    try {
      return await within(client, signal, ACQUIRE_TIMEOUT_MS);
    } catch (error) {
      const giveBack = (late: PoolClient) => late.release();
      client.then(giveBack, () => {});
      if (signal?.aborted) throw signal.reason;
      throw unavailable(error);
    }
  }

  const slots = new Slots(max);

  async function lend<Result>(use: (query: Query) => Promise<Result>, options: LendOptions = {}): Promise<Result> {
    try {
      await slots.take(options.signal, QUEUE_TIMEOUT_MS);
    } catch (error) {
      throw options.signal?.aborted ? error : unavailable(error);
    }
    try {
      return await lendNow(use, options);
    } finally {
      slots.give();
    }
  }

  async function lendNow<Result>(
    use: (query: Query) => Promise<Result>,
    { signal, timeoutMs = REQUEST_TIMEOUT_MS }: LendOptions,
  ): Promise<Result> {
    const client = await borrow(signal);
    const loan = new Loan(client);
    let isUnanswered = true;
    try {
      const result = await within(use(loan.query), signal, timeoutMs);
      isUnanswered = false;
      return result;
    } catch (error) {
      isUnanswered = signal?.aborted === true || error instanceof TimedOut;
      if (error instanceof TimedOut || loan.isLost) losses += 1;
      throw signal?.aborted ? signal.reason : loan.explain(error);
    } finally {
      client.release(isUnanswered || loan.isBroken || client.getTransactionStatus() !== 'I');
    }
  }

  return {
    lend,
    counts: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: slots.waiting }),
    close: () => pool.end(),
  };
}

function unavailable(error: unknown): TableUnavailable {
  return new TableUnavailable(`The database gave no connection: ${troubleText(troubleOf(error))}`);
}

/** A connection as a request has it, and what went wrong on it. */
class Loan {
  /** Failures by the errors that were thrown for them: one may be met while another is dealt with. */
  private readonly failures = new Map<unknown, { readonly trouble: Trouble; readonly commits: boolean }>();
  /** The connection has ended, or what it said is not known. */
  isBroken = false;
  /** The server is gone, or is not the primary any more. */
  isLost = false;
  private commits = false;
  private readonly client: PoolClient;

  constructor(client: PoolClient) {
    this.client = client;
  }

  readonly query: Query = async ({ text, values, commits = false }) => {
    this.commits = commits;
    try {
      return await (values === undefined ? this.client.query(text) : this.client.query(text, [...values]));
    } catch (error) {
      const trouble = troubleOf(error);
      this.failures.set(error, { trouble, commits });
      this.isBroken ||= !trouble.isRefusal;
      this.isLost ||= !trouble.isRefusal || trouble.code === READ_ONLY;
      throw error;
    } finally {
      this.commits = false;
    }
  };

  /** Makes the error for whoever made the request; what is no error of the database stays as it is. */
  explain(error: unknown): unknown {
    if (error instanceof TimedOut) return failureOf(troubleOf(error), this.commits);
    const failure = this.failures.get(error);
    return failure === undefined ? error : failureOf(failure.trouble, failure.commits);
  }
}

function failureOf(trouble: Trouble, commits: boolean): Error {
  if (commits && !trouble.isRefusal) {
    return new OutcomeUnknown(`The database did not say whether it wrote: ${troubleText(trouble)}`);
  }
  return new TableUnavailable(`The database did not carry out a request: ${troubleText(trouble)}`);
}

/** A standby takes no writes, and what it shows may be old. */
async function refuseStandby(client: ClientBase): Promise<void> {
  const question = { text: 'SELECT pg_is_in_recovery() AS standby', query_timeout: CONNECT_TIMEOUT_MS };
  const { rows } = await client.query<{ standby: boolean }>(question);
  if (rows[0]?.standby !== false)
    throw new Error('The address of the database leads to a standby, not to the primary.');
}

class TimedOut extends Error {}

/** Waits for a result, at the longest until the signal is aborted or the time is over. @throws the signal's reason */
function within<Result>(result: Promise<Result>, signal: AbortSignal | undefined, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    const timer = setTimeout(() => reject(new TimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
  });
}
