import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isJson } from '../checks/check.ts';

/** A KooGate that runs on this machine, as its `run.json` describes it. */
export interface Running {
  /** Address of the route, up to the products. */
  readonly route: string;
  /** Address of its DynamoDB engine. */
  readonly endpoint: string;
  /** Address of the PostgreSQL database where the table lies in one; its password is in the secrets file. */
  readonly database?: string;
  readonly table: string;
  /** Address of the marketplace's open APIs: the stand-in's, or another. */
  readonly openApi?: string;
  /** Path of the secrets file. */
  readonly secrets: string;
  /** Products; none while it starts. Secrets and stored items are named by the id, addresses by the name. */
  readonly products: readonly RunningProduct[];
}

/** A product that is sold. */
export interface RunningProduct {
  readonly id: string;
  readonly name: string;
  readonly families: readonly unknown[];
}

/** Folder of the local data, and what runs on it. */
export interface LocalData {
  readonly folder: string;
  readonly running?: Running;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Finds the data folder, KOOGATE_DATA or `.local` of the project at or above the current folder, and what runs on it. */
export function findLocalData(env: Environment, cwd: string = process.cwd()): LocalData {
  const from = env.KOOGATE_CONFIG ? dirname(resolve(cwd, env.KOOGATE_CONFIG)) : cwd;
  const folder = env.KOOGATE_DATA ? resolve(cwd, env.KOOGATE_DATA) : join(projectOf(from), '.local');
  const running = readRunning(join(folder, 'run.json'));
  return { folder, ...(running && { running }) };
}

/** The nearest folder with settings at or above a folder; else the folder itself. */
function projectOf(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'koogate.config.ts'))) return folder;
    if (folder === dirname(folder)) return resolve(from);
  }
}

function readRunning(file: string): Running | undefined {
  try {
    const run: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isJson(run) || !isAlive(Number(run.pid))) return undefined;
    const { route, endpoint, database, table, openApi, secrets } = run;
    if ([route, endpoint, table, secrets].some((text) => typeof text !== 'string')) return undefined;
    return {
      route: String(route),
      endpoint: String(endpoint),
      ...(typeof database === 'string' && { database }),
      table: String(table),
      ...(typeof openApi === 'string' && { openApi }),
      secrets: String(secrets),
      products: (Array.isArray(run.products) ? run.products : []).flatMap(readProduct),
    };
  } catch {
    return undefined; // no file, or half a file
  }
}

function readProduct(entry: unknown): RunningProduct[] {
  if (!isJson(entry) || typeof entry.id !== 'string' || typeof entry.name !== 'string') return [];
  return [{ id: entry.id, name: entry.name, families: Array.isArray(entry.families) ? entry.families : [] }];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return Object(error).code === 'EPERM'; // it belongs to another user
  }
}
