import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createMarketplace, OrderQueryError } from '../../../lib/open-api/client.ts';
import type { Order } from '../../../lib/seller/contract.ts';
import { findRun } from '../../dev/local/run-file.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { ensureLocalSecrets } from '../../dev/local-secrets.ts';
import { main, Problem } from '../../dev/problem.ts';
import { type StandIn, startStandIn } from '../../marketplace/stand-in/server.ts';

const USAGE = 'npm run order -- <orderId> [orderLineId] [--json], e.g. npm run order -- MOCKPERIODYEARNEW';

/**
 * `npm run order`: queries one order with the keys of the secrets file, as the console's debugging cases demand. Asks
 * KOOGATE_OPENAPI_URL, else the stand-in that runs, else one started for the moment.
 */
await main(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
  const [orderId, orderLineId] = positionals;
  if (orderId === undefined) throw new Problem(`Which order? ${USAGE}`);
  const settings = readSettings(process.env);
  const { marketplace: keys } = await ensureLocalSecrets(
    settings.secretsFile,
    (await readProject(settings)).config.products.values(),
    existsSync(settings.database),
  );
  let standIn: StandIn | undefined;
  try {
    const found = settings.openApiUrl ?? findRun(settings.data)?.openApi;
    if (found === undefined) standIn = await startStandIn({ keys });
    const baseUrl = found ?? standIn?.url ?? '';
    const marketplace = createMarketplace({ baseUrl, keys: async () => keys, clock: Date.now });
    const order = await marketplace.queryOrder(orderId, orderLineId).catch((error) => {
      throw error instanceof OrderQueryError ? new Problem(sentence(error, baseUrl)) : error;
    });
    console.log(values.json ? JSON.stringify(order, null, 2) : `${asTable(order)}\n\nasked at ${baseUrl}`);
  } finally {
    await standIn?.stop();
  }
});

function sentence(error: OrderQueryError, baseUrl: string): string {
  return `${baseUrl} gave no order (${error.code}): ${error.message}`;
}

/** One line a member: its path on the left, its value on the right. */
function asTable(order: Order): string {
  const rows = rowsOf('', order);
  const width = Math.max(...rows.map(([path]) => path.length));
  return rows.map(([path, value]) => `${path.padEnd(width)}  ${value}`).join('\n');
}

function rowsOf(path: string, value: unknown): [string, string][] {
  if (value instanceof Date) return [[path, value.toISOString()]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const inner = (name: string) => (Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, member]) => rowsOf(inner(name), member));
}
