import { existsSync } from 'node:fs';
import { createMarketplace, OrderQueryError } from '../../../lib/open-api/client.ts';
import type { Order } from '../../../lib/seller/contract.ts';
import { findRun } from '../../dev/local/run-file.ts';
import { ensureLocalSecrets } from '../../dev/local-secrets.ts';
import { startStandIn } from '../../marketplace/stand-in/server.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { PLACE, type Place, reachMarketplace, readPlace } from './place.ts';

const { table: _, ...OPTIONS } = PLACE;

/** An order, and who was asked for it. */
interface Queried {
  readonly order: Order;
  readonly place: string;
}

/** Queries one order, as the console's debugging cases demand. */
export async function order(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.order'));
    return EXIT.good;
  }
  const [orderId, orderLineId] = positionals;
  if (orderId === undefined) throw new Problem('problem.order-needed');
  const place = await readPlace(values, terminal);
  const query = place.parameters === undefined ? queryLocally : queryDeployed;
  const queried = await query(place, orderId, orderLineId);
  if (values.json) out(JSON.stringify(queried.order, null, 2));
  else out(`${asTable(queried.order)}\n\n${say('order.place', { place: queried.place })}`);
  return EXIT.good;
}

async function queryDeployed(place: Place, orderId: string, orderLineId: string | undefined): Promise<Queried> {
  const marketplace = await reachMarketplace(place);
  const found = await marketplace.queryOrder(orderId, orderLineId).catch((error) => refused(error, marketplace.place));
  return { order: found, place: marketplace.place };
}

/** Asks KOOGATE_OPENAPI_URL, else the stand-in that runs, else one started for the moment. */
async function queryLocally(
  { settings, config }: Place,
  orderId: string,
  orderLineId: string | undefined,
): Promise<Queried> {
  const { marketplace: keys } = await ensureLocalSecrets(
    settings.secretsFile,
    config.products.values(),
    existsSync(settings.database),
  );
  const found = settings.openApiUrl ?? findRun(settings.data)?.openApi;
  const standIn = found === undefined ? await startStandIn({ keys }) : undefined;
  const baseUrl = found ?? standIn?.url ?? '';
  try {
    const marketplace = createMarketplace({ baseUrl, keys: async () => keys, clock: Date.now });
    const queried = await marketplace.queryOrder(orderId, orderLineId).catch((error) => refused(error, baseUrl));
    return { order: queried, place: baseUrl };
  } finally {
    await standIn?.stop();
  }
}

/** @throws Problem in the place of an order that was not given */
function refused(error: unknown, place: string): never {
  if (!(error instanceof OrderQueryError)) throw error;
  throw new Problem('problem.no-order', { place, code: error.code, message: error.message }, EXIT.found);
}

/** One line a member: its path on the left, its value on the right. */
function asTable(queried: Order): string {
  const rows = rowsOf('', queried);
  const width = Math.max(...rows.map(([path]) => path.length));
  return rows.map(([path, value]) => `${path.padEnd(width)}  ${value}`).join('\n');
}

function rowsOf(path: string, value: unknown): [string, string][] {
  if (value instanceof Date) return [[path, value.toISOString()]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const inner = (name: string) => (Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, member]) => rowsOf(inner(name), member));
}
