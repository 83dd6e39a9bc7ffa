import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Config, LOCAL_STAGE, type ServerSettings } from '../../lib/config/config.ts';
import { checkStage, DEFAULT_SERVER, resolveStage } from '../../lib/config/stage.ts';
import type { Environment } from '../runtime.ts';
import { StartRefused } from './start-refused.ts';

/** Settings that a server runs with. */
export interface Settings {
  /** Environment that the functions are made with. */
  readonly env: Environment;
  readonly isLocal: boolean;
  readonly table: string;
  /** Address of the PostgreSQL database; undefined where the table speaks DynamoDB's protocol. */
  readonly database: string | undefined;
  readonly port: number;
  readonly server: Required<ServerSettings>;
  readonly login: boolean;
  /** Further variables for the seller's code, as the stage has them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sentences to be logged once there is a log. */
  readonly warnings: readonly string[];
}

/** Variables of the server's unit. */
const OWN = ['KOOGATE_STAGE', 'KOOGATE_DATABASE', 'KOOGATE_SECRETS', 'PORT'];

/** Variables that the local run hands over; in any other stage they are ignored. */
const LOCAL = [
  'KOOGATE_TABLE',
  'KOOGATE_OPENAPI_URL',
  'KOOGATE_OPENAPI_SITES',
  'KOOGATE_SELLER_URL',
  'KOOGATE_SELLER_SECRET',
  'KOOGATE_USAGE_BATCH',
  'KOOGATE_PRIVATE',
];

const DEFAULT_PORT = 8000;

/**
 * Reads what a server is to run with: the stage's settings, and of the environment KOOGATE_STAGE, KOOGATE_DATABASE,
 * KOOGATE_SECRETS and PORT.
 * @throws StartRefused with exit code 2, naming what is missing or wrong
 */
export function readServerSettings(config: Config, env: Environment): Settings {
  const name = env.KOOGATE_STAGE;
  if (!name) throw new StartRefused(2, 'KOOGATE_STAGE is not set: it names the stage of koogate.config.ts that holds.');
  const common = { database: databaseOf(env), port: portOf(env) };
  if (name === LOCAL_STAGE) return { ...common, ...localSettings(config, env) };
  const stage = refusing(() => resolveStage(config, name));
  if (stage.host !== 'server') {
    throw new StartRefused(
      2,
      `Stage "${name}" runs on AWS: set stages.${name}.host to "server", or name another stage.`,
    );
  }
  const { problems, warnings } = checkStage(config, stage);
  if (problems.length > 0) throw new StartRefused(2, problems.join('\n'));
  const ignored = Object.keys(env).filter((variable) => /^KOOGATE_/.test(variable) && !OWN.includes(variable));
  const { table, server, login, environment } = stage;
  return {
    ...common,
    ...{ table, server, login, environment },
    isLocal: false,
    env: { ...without(env), KOOGATE_STAGE: name, KOOGATE_TABLE: table, KOOGATE_SECRETS: env.KOOGATE_SECRETS },
    warnings: [
      ...warnings,
      ...(ignored.length === 0
        ? []
        : [
            `${ignored.join(', ')} in the environment is ignored: a server takes ${OWN.join(', ')} alone; see koogate.config.ts.`,
          ]),
    ],
  };
}

function localSettings(config: Config, env: Environment): Omit<Settings, 'database' | 'port'> {
  const own = Object.fromEntries([...OWN, ...LOCAL].map((name) => [name, env[name]]));
  return {
    env: { ...without(env), ...own },
    isLocal: true,
    table: env.KOOGATE_TABLE || 'koogate-local',
    server: { ...DEFAULT_SERVER, ...(env.KOOGATE_PRIVATE ? { private: env.KOOGATE_PRIVATE } : {}) },
    login: [...config.products.values()].some((product) => product.login !== undefined),
    environment: {},
    warnings: [],
  };
}

/** The environment without what KooGate itself would read. */
function without(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('KOOGATE_')));
}

function portOf({ PORT: text }: Environment): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new StartRefused(2, `PORT is "${text}", but a port is a number from 1 to 65535.`);
}

function databaseOf({ KOOGATE_DATABASE: text }: Environment): string | undefined {
  if (!text) return undefined;
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new StartRefused(2, 'KOOGATE_DATABASE is not an address of PostgreSQL: postgres://user@host:5432/database.');
  }
  if (new URL(text).password === '') return text;
  throw new StartRefused(
    2,
    'KOOGATE_DATABASE holds a password, which every process list shows: take it out and put it into the secrets.',
  );
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StartRefused(2, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Refuses a secrets file that others may read. Credentials that systemd hands over may have their group's bit set, which
 * there stands for the service itself.
 * @throws StartRefused
 */
export async function checkSecretsFile({
  KOOGATE_SECRETS: path,
  CREDENTIALS_DIRECTORY: given,
}: Environment): Promise<void> {
  if (!path || path.includes('://')) return; // whoever makes the secrets says what is missing
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new StartRefused(1, `The secrets file ${path} cannot be read: check KOOGATE_SECRETS, and who owns the file.`);
  }
  const isGiven = given !== undefined && dirname(resolve(path)) === resolve(given);
  if ((found.mode & (isGiven ? 0o037 : 0o077)) === 0) return;
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  throw new StartRefused(
    1,
    `The secrets file ${path} has the mode ${mode}, so that others may read it: chmod 0600 ${path}.`,
  );
}
