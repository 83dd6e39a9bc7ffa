import type { Config } from '../../../lib/config/config.ts';
import { resolveStage, type Stage } from '../../../lib/config/stage.ts';
import type { Settings } from '../../dev/local/settings.ts';
import { Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { serverSecrets } from './server-secrets.ts';

/*
 * The PostgreSQL database that a command works on: `--database`, or KOOGATE_DATABASE. Its password is a secret: that of
 * the secrets file, or, for whoever signs in as another user, PGPASSWORD, as PostgreSQL's own programs take it.
 */

/** A table in a database. */
export interface DatabaseTable {
  /** Address without the password. */
  readonly database: string;
  readonly password: () => Promise<string | undefined>;
  /** Name of the table. */
  readonly name: string;
}

/** Options that a database and its table are found by. */
export interface DatabaseOptions {
  readonly database?: string | undefined;
  readonly stage?: string | undefined;
  readonly table?: string | undefined;
}

/**
 * Finds the database that is meant; none if neither an option nor a stage on a server points to one.
 * @throws Problem if its address or the table's name is missing
 */
export function databaseOf(
  options: DatabaseOptions,
  { config, settings, terminal }: { config: Config; settings: Settings; terminal: Terminal },
): DatabaseTable | undefined {
  const stage = stageOf(config, options.stage);
  if (options.database === undefined && stage?.host !== 'server') return undefined;
  const database = options.database ?? (terminal.env.KOOGATE_DATABASE || undefined);
  if (database === undefined) throw new Problem('problem.database', { stage: stage?.name ?? '' });
  const name = options.table ?? stage?.table ?? onlyServerTable(config);
  if (name === undefined) throw new Problem('problem.table-name');
  return { database, name, password: () => passwordOf(settings, terminal) };
}

function stageOf(config: Config, name: string | undefined): Stage | undefined {
  return name === undefined ? undefined : resolveStage(config, name);
}

/** Picks the table of the one stage that runs on a server. */
function onlyServerTable(config: Config): string | undefined {
  const stages = Object.keys(config.stages).map((name) => resolveStage(config, name));
  const [only, ...others] = stages.filter(({ host }) => host === 'server');
  return others.length === 0 ? only?.table : undefined;
}

/** The password of a database: PGPASSWORD, else the secret. */
export async function passwordOf(settings: Settings, terminal: Terminal): Promise<string | undefined> {
  const { PGPASSWORD } = terminal.env;
  return PGPASSWORD ?? (await serverSecrets(settings, terminal).database());
}
