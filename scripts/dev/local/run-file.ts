import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Product } from '../../../lib/config/products.ts';
import type { Family } from '../../../lib/protocol/call.ts';
import { FAMILIES } from '../../../lib/protocol/families.ts';

const FAMILY_NAMES = Object.keys(FAMILIES) as Family[];

const runSchema = v.object({
  pid: v.number(),
  /** Address of the route, up to the products: `http://127.0.0.1:3000/produce`. */
  route: v.string(),
  /** Address of the DynamoDB engine; empty where the table lies in PostgreSQL. */
  endpoint: v.string(),
  /** Address of the PostgreSQL database; its password is in the secrets file. */
  database: v.optional(v.string()),
  table: v.string(),
  /** Address of the marketplace's open API: the stand-in's or another. */
  openApi: v.string(),
  /** Addresses of the stand-ins for further sites, by site. */
  openApis: v.optional(v.record(v.string(), v.string())),
  /** Address that reports of usage are posted to. */
  usageQueue: v.optional(v.string()),
  data: v.string(),
  secrets: v.string(),
  /** The products that are sold. */
  products: v.optional(
    v.array(
      v.object({
        id: v.string(),
        name: v.string(),
        families: v.array(v.picklist(FAMILY_NAMES)),
        /** Site that it is sold on; absent: the local run's own. */
        site: v.exactOptional(v.string()),
      }),
    ),
  ),
});

/** Places of the parts of a running local system; `<data folder>/run.json` while it runs. */
export type Run = v.InferOutput<typeof runSchema>;

/** A product, as far as whoever plays the marketplace needs to know it. */
export type Sold = NonNullable<Run['products']>[number];

const fileOf = (data: string): string => join(data, 'run.json');

export function writeRun(run: Run): void {
  const path = fileOf(run.data);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.${run.pid}`, `${JSON.stringify(run, null, 2)}\n`);
  renameSync(`${path}.${run.pid}`, path);
}

export function removeRun(data: string): void {
  rmSync(fileOf(data), { force: true });
}

/** The KooGate that runs on the data folder; undefined if none does, whatever an earlier one left behind. */
export function findRun(data: string): Run | undefined {
  try {
    const run = v.parse(runSchema, JSON.parse(readFileSync(fileOf(data), 'utf8')));
    process.kill(run.pid, 0);
    return run;
  } catch {
    return undefined; // no file, half a file, or its process is gone
  }
}

/** Facts of a product that whoever plays the marketplace needs. */
export function soldOf({ id, name, families, site }: Pick<Product, 'id' | 'name' | 'families' | 'site'>): Sold {
  return { id, name, families: [...families], ...(site === undefined ? {} : { site }) };
}
