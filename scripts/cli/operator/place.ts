import { SSMClient } from '@aws-sdk/client-ssm';
import type { Config } from '../../../lib/config/config.ts';
import { resolveStage, type Stage } from '../../../lib/config/stage.ts';
import { secretsFromEnvironment } from '../../../lib/secrets/environment.ts';
import type { Secrets } from '../../../lib/secrets/secrets.ts';
import { readSettings, type Settings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { type ReachedTable, withTable } from '../../dev/local/table.ts';
import { localized } from '../../language/sentence.ts';
import { COMMON } from '../terminal/arguments.ts';
import { Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { databaseOf } from './database.ts';
import { serverSecrets } from './server-secrets.ts';
import { mustBeOpen } from './table/must-be-open.ts';

/*
 * Installation that an operator's command acts on: the one that runs here, or lies in the data folder; or a deployed
 * stage, whose table, region, secrets and site follow from the settings.
 */

/** Options of every command that acts on an installation. */
export const PLACE = {
  ...COMMON,
  stage: { type: 'string' },
  table: { type: 'string' },
  parameters: { type: 'string' },
  database: { type: 'string' },
} as const;

/** An installation that a command acts on. */
export interface Place {
  readonly settings: Settings;
  readonly config: Config;
  /** The deployed stage that is meant: named, or that of the table. */
  readonly stage?: Stage;
  /** The stage was named: nothing of the environment stands in for its settings. */
  readonly isNamed: boolean;
  /** Name of the deployed table, if one is meant. */
  readonly table?: string;
  /** Address of a PostgreSQL database in which the table lies, if it was given. */
  readonly database?: string;
  /** Prefix of the deployed installation's secrets in Parameter Store, if it is known. */
  readonly parameters?: string;
  readonly terminal: Terminal;
}

type PlaceOptions = { readonly [Name in 'stage' | 'table' | 'parameters' | 'database']?: string | undefined };

/**
 * Finds out which installation is meant.
 * @param needsRegion false for whoever looks at the settings themselves
 * @throws Problem
 */
export async function readPlace(options: PlaceOptions, terminal: Terminal, needsRegion = true): Promise<Place> {
  const settings = readSettings(terminal.env);
  const { config } = await readProject(settings);
  const find = needsRegion ? deployedStage : stageNamed;
  const named = options.stage === undefined ? undefined : find(config, options.stage);
  const stage = named ?? stageWithTable(config, options.table);
  const table = options.table ?? named?.table;
  const isInDatabase = options.database !== undefined || stage?.host === 'server';
  const parameters = options.parameters ?? (isInDatabase ? undefined : stage?.parameters);
  return {
    settings,
    config,
    terminal,
    isNamed: named !== undefined,
    ...(stage && { stage }),
    ...(table !== undefined && { table }),
    ...(parameters !== undefined && { parameters }),
    ...(options.database !== undefined && { database: options.database }),
  };
}

/** Completes the settings of a stage. @throws Problem that lists the stages */
export function stageNamed(config: Config, name: string): Stage {
  const stages = Object.keys(config.stages);
  if (!stages.includes(name)) {
    throw new Problem('problem.stage', { given: name, choices: stages.join(', ') || '–' });
  }
  return resolveStage(config, name);
}

function deployedStage(config: Config, name: string): Stage {
  const stage = stageNamed(config, name);
  if (stage.host === 'aws' && stage.region === undefined) throw new Problem('problem.region', { stage: name });
  return stage;
}

/** The stage whose table has the name. */
function stageWithTable(config: Config, table: string | undefined): Stage | undefined {
  if (table === undefined) return undefined;
  const stages = Object.keys(config.stages).map((name) => resolveStage(config, name));
  return stages.find((stage) => stage.table === table);
}

/** Lends the installation's table. @throws Problem of the local run if there is none */
export function withTableOf<Result>(
  { settings, config, table, stage, database, terminal }: Place,
  use: (reached: Omit<ReachedTable, 'place'> & { readonly place: string }) => Promise<Result>,
): Promise<Result> {
  const region = stage?.region;
  const inDatabase = databaseOf({ database, stage: stage?.name, table }, { config, settings, terminal });
  const onAws = table === undefined ? undefined : { name: table, ...(region !== undefined && { region }) };
  const deployed = inDatabase ?? onAws;
  return withTable(settings, deployed, (reached) =>
    use({ ...reached, place: localized(terminal.locale, reached.place) }),
  );
}

/** Says whether an installation runs on a server: its table is in a database, its secrets in a file. */
export function isOnServer({ database, stage }: Pick<Place, 'database' | 'stage'>): boolean {
  return database !== undefined || stage?.host === 'server';
}

/** Lends the installation's table to a command that writes. @throws Problem if the table is closed while it is moved */
export function withOpenTableOf<Result>(place: Place, use: Parameters<typeof withTableOf<Result>>[1]): Promise<Result> {
  return withTableOf(place, async (reached) => {
    await mustBeOpen(reached.table, reached.place);
    return use(reached);
  });
}

/** Reads the installation's secrets: those of the file, or of Parameter Store. @throws Problem */
export async function secretsOf(place: Place): Promise<Secrets> {
  const { settings, stage, isNamed, table, parameters, terminal } = place;
  const { env } = terminal;
  const warn = (text: string) => terminal.note(text);
  if (parameters?.startsWith('csms://') || (parameters === undefined && isOnServer(place))) {
    return serverSecrets(settings, terminal, parameters);
  }
  const given = table !== undefined && !isNamed && env.KOOGATE_SECRETS ? env.KOOGATE_SECRETS : undefined;
  if (parameters === undefined || given !== undefined) {
    if (table !== undefined && given === undefined) throw new Problem('problem.parameters', { table });
    return secretsFromEnvironment({ KOOGATE_SECRETS: given ?? settings.secretsFile }, Date.now, warn);
  }
  const signed = await signedIn(env, stage?.region);
  return secretsFromEnvironment({ ...signed, KOOGATE_PARAMETERS: parameters }, Date.now, warn);
}

/** The environment with the credentials of whoever is signed in, by whatever way the vendor's tools know. */
export async function signedIn(env: Terminal['env'], region: string | undefined): Promise<Terminal['env']> {
  const place = region === undefined ? {} : { AWS_REGION: region };
  const rest = { ...env, ...place, KOOGATE_SECRETS: undefined };
  if (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return rest;
  const client = new SSMClient(region === undefined ? {} : { region });
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    return {
      ...rest,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  } finally {
    client.destroy();
  }
}

/** Finds a product by its name or a former one, else by its id. @returns its id @throws Problem that lists the products */
export function productNamed({ config }: Place, given: string): string {
  const products = [...config.products.values()];
  const found =
    products.find(({ name, formerNames }) => name === given || formerNames.includes(given)) ??
    products.find(({ id }) => id === given);
  if (found !== undefined) return found.id;
  throw new Problem('problem.product', { given, choices: products.map(({ name }) => name).join(', ') });
}
