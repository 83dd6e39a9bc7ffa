import { dirname, join, resolve } from 'node:path';
import { findConfig } from '../../build/project.ts';
import { findProject, PACKAGE_ROOT } from '../../build/roots.ts';
import { Problem } from '../problem.ts';

/** The repository's root, or that of the installed package. */
export const ROOT = PACKAGE_ROOT;

/** The table's name in local runs, whatever the stage. */
export const TABLE = 'koogate-local';

/** Set-up of a local run. */
export interface Settings {
  /** Folder of the installation: where `serverless.yml` and the settings lie. */
  readonly project: string;
  /** File with the installation's settings. */
  readonly configFile: string;
  /** Folder with the database, and with the secrets unless they lie elsewhere. */
  readonly data: string;
  readonly database: string;
  readonly secretsFile: string;
  readonly port: number;
  /** Builds the functions again when their files change. */
  readonly watch: boolean;
  /** A DynamoDB-compatible endpoint that is to be used instead of the embedded engine. */
  readonly endpoint?: string;
  /** The marketplace's open API instead of the stand-in. */
  readonly openApiUrl?: string;
  /** The seller's own backend, for all products. */
  readonly sellerUrl?: string;
  /** The secret that signs the calls to that backend, instead of the one in the secrets file. */
  readonly sellerSecret?: string;
}

/**
 * Reads the settings from the environment: PORT, KOOGATE_DATA, KOOGATE_SECRETS, KOOGATE_OPENAPI_URL,
 * KOOGATE_SELLER_URL, KOOGATE_SELLER_SECRET, KOOGATE_CONFIG, KOOGATE_WATCH, AWS_ENDPOINT_URL_DYNAMODB. Empty means
 * absent.
 * @throws Problem
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const configFile = resolve(findConfig(env));
  const project = findProject(dirname(configFile));
  const data = resolve(env.KOOGATE_DATA || join(project, '.local'));
  return {
    project,
    configFile,
    data,
    database: join(data, 'dynamo.db'),
    secretsFile: resolve(env.KOOGATE_SECRETS || join(data, 'secrets.json')),
    port: readPort(env.PORT || '3000'),
    watch: env.KOOGATE_WATCH !== 'off',
    ...(env.AWS_ENDPOINT_URL_DYNAMODB ? { endpoint: env.AWS_ENDPOINT_URL_DYNAMODB } : {}),
    ...(env.KOOGATE_OPENAPI_URL ? { openApiUrl: env.KOOGATE_OPENAPI_URL } : {}),
    ...(env.KOOGATE_SELLER_URL ? { sellerUrl: env.KOOGATE_SELLER_URL } : {}),
    ...(env.KOOGATE_SELLER_SECRET ? { sellerSecret: env.KOOGATE_SELLER_SECRET } : {}),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Problem(
    `PORT is "${text}", but a port is a number from 1 to 65535.`,
    `PORT 为“${text}”，而端口应为 1 至 65535 的数字。`,
  );
}
