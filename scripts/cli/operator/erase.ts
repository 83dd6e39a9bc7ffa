import { randomUUID } from 'node:crypto';
import { createNotes } from '../../../lib/instances/notes.ts';
import { type CustomerTraces, eraseTraces, findTraces } from '../../../lib/operations/erase.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import type { Secrets } from '../../../lib/secrets/secrets.ts';
import type { Erasure, HookContext } from '../../../lib/seller/contract.ts';
import { eraseOverHttp } from '../../../lib/seller/http-erase.ts';
import type { Table } from '../../../lib/table/table.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ACTING, keysAt, recorderOf } from './acting.ts';
import { scanProgress } from './find.ts';
import { PLACE, type Place, readPlace, secretsOf, withOpenTableOf } from './place.ts';

/** Days for which point-in-time recovery of DynamoDB reaches back. */
const BACKUP_DAYS = 35;
const DAY_MS = 86_400_000;
/** Milliseconds that the seller's hook may take. */
const HOOK_MS = 60_000;

/** Erases a customer, once `--yes` says so; without it the command tells what would go. @returns 1 if one is still sold */
export async function erase(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, {
    ...PLACE,
    ...ACTING,
    customer: { type: 'string' },
    yes: { type: 'boolean' },
  });
  if (values.help) {
    out(say('help.erase'));
    return EXIT.good;
  }
  const { customer, yes = false } = values;
  if (!customer || positionals.length > 0) throw new Problem('problem.erase-needed');
  const at = await readPlace(values, terminal);
  const secrets = await secretsOf(at);
  const products = [...at.config.products.keys()];
  return withOpenTableOf(at, async ({ table, place }) => {
    const key = (await keysAt(at))?.customer;
    const deps = { table, products, sealer: createSealer(secrets), key, progress: scanProgress(terminal) };
    const traces = await findTraces(deps, customer);
    const { instances, stillSold, applications, records, apiKeys, pointers } = traces;
    const isNone = instances.length + apiKeys.length + pointers.length === 0;
    const counts = { instances: instances.length, records: records.length + applications.length + apiKeys.length };
    const data = { place, ...counts, stillSold: stillSold.map(({ instanceId }) => instanceId) };
    const tell = (text: string, more: object = {}) =>
      out(values.json ? JSON.stringify({ ...data, ...more }, null, 2) : text);
    if (isNone) {
      tell(say('erase.nothing', { place }), { erased: false });
      return EXIT.found;
    }
    if (stillSold.length > 0) {
      tell(say('erase.still-sold', { ids: data.stillSold.join(', ') }), { erased: false });
      return EXIT.found;
    }
    if (!yes) {
      tell(say('erase.would', { place, ...counts }), { erased: false });
      return EXIT.good;
    }
    const action = (await recorderOf(at, values, terminal))('erase');
    const sellers = await tellSellers(at, table, secrets, traces, terminal.clock()).catch(reasonOf);
    if (typeof sellers === 'string') {
      tell(say('erase.hook-failed', { reason: sellers }), { erased: false, reason: sellers });
      return EXIT.found;
    }
    const { told, untold } = sellers;
    const erased = await eraseTraces(table, traces, action);
    const until = new Date(terminal.clock() + BACKUP_DAYS * DAY_MS).toISOString().slice(0, 10);
    const backups = at.table !== undefined && at.stage?.host === 'aws' ? { until } : {};
    tell(
      [
        say('erase.done', { place, ...counts, texts: erased.texts }),
        ...told.map((product) => say('erase.told', { product })),
        ...untold.map((product) => say('erase.untold', { product })),
        'until' in backups ? say('erase.backups', backups) : say('erase.own-backups'),
      ].join('\n'),
      { erased: true, texts: erased.texts, told, untold, ...('until' in backups && { backupsUntil: until }) },
    );
    return EXIT.good;
  });
}

/** Calls the hook `erase` of each seller of the customer's instances. @throws whatever a hook throws: nothing is erased then */
async function tellSellers(
  at: Place,
  table: Table,
  secrets: Secrets,
  { customerId, instances }: CustomerTraces,
  now: number,
): Promise<{ readonly told: readonly string[]; readonly untold: readonly string[] }> {
  const [told, untold]: [string[], string[]] = [[], []];
  for (const product of new Set(instances.map((item) => item.product))) {
    const instanceIds = instances.filter((item) => item.product === product).map(({ instanceId }) => instanceId);
    const context: HookContext = {
      idempotencyKey: randomUUID(),
      attempt: 1,
      now: new Date(now),
      notes: createNotes(table, product),
      secret: (name) => secrets.sellerOwn(name),
      signal: AbortSignal.timeout(HOOK_MS),
    };
    const isTold = await tellSeller(at, secrets, { product, customerId, instanceIds }, context);
    (isTold ? told : untold).push(product);
  }
  return { told, untold };
}

/** Tells the server of the product's backend, or the seller's own code. @returns false if it has no such event or hook */
async function tellSeller(
  { stage, settings, config }: Place,
  secrets: Secrets,
  erasure: Erasure,
  context: HookContext,
): Promise<boolean> {
  const sold = config.products.get(erasure.product);
  const url = stage === undefined ? (settings.sellerUrl ?? sold?.backend) : stage.backends.get(erasure.product);
  if (url !== undefined) {
    return (await eraseOverHttp({ url, secret: () => secrets.seller() }, erasure, context)) === 'erased';
  }
  if (sold?.seller.erase === undefined) return false;
  await sold.seller.erase(erasure, context);
  return true;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
