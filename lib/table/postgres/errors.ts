/** A request that the database did not carry out: nothing has been written. */
export class TableUnavailable extends Error {
  override readonly name = 'TableUnavailable';
}

/** A database, an address or a table that cannot be relied on; the message is a plain sentence. */
export class TableUnfit extends Error {
  override readonly name = 'TableUnfit';
}

/** A write whose answer was lost: it has taken effect, or it has not. Whoever asked repeats it, never the engine. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** Parts of a database's error that are kept: no detail, which may repeat values. */
export interface Trouble {
  /** SQLSTATE, or the system's own code. */
  readonly code: string;
  readonly message: string;
  /** The database itself said that it refuses this statement, and the connection goes on. */
  readonly isRefusal: boolean;
}

/** Reads an error of the database's client. */
export function troubleOf(error: unknown): Trouble {
  const { code, severity, message } = Object(error) as { code?: unknown; severity?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: String(message ?? error),
    isRefusal: severity === 'ERROR' && !/^(08|57P)/.test(String(code)),
  };
}

/** Says in one line what went wrong, for the log. */
export function troubleText({ code, message }: Trouble): string {
  return code === '' ? message : `${message} (${code})`;
}

/** SQLSTATEs of a statement that met another writer and had no effect: it may be judged anew under the row's lock. */
export const LOST_RACE: ReadonlySet<string> = new Set(['40001', '40P01']);

/** SQLSTATE of a write on a server that has become a standby. */
export const READ_ONLY = '25006';

/** SQLSTATE of a key that is too long for the index. */
export const TOO_LONG = '54000';
