import { type CsvError, parse } from 'csv-parse/sync';
import * as v from 'valibot';
import { mostCredentialBytes } from '../../../../lib/config/credential-scheme.ts';
import type { Product } from '../../../../lib/config/products.ts';
import { derivedIds, type ImportedInstance } from '../../../../lib/instances/import.ts';
import { id } from '../../../../lib/protocol/message-fields.ts';
import { parseMarketplaceTime } from '../../../../lib/protocol/times.ts';
import type { Access } from '../../../../lib/seller/contract.ts';
import { type Say, speaker } from '../../messages/index.ts';

/** A line that is fit to be imported; its access is not sealed yet. */
export interface Line {
  /** Number of the line in the file, from 1; the header is line 1. */
  readonly at: number;
  readonly instance: Omit<ImportedInstance, 'access'>;
  readonly access?: Access;
}

/** The lines of a file, or the sentences that say what is wrong with it. */
export type ReadLines = { readonly lines: readonly Line[] } | { readonly faults: readonly string[] };

const REQUIRED = ['orderId', 'instanceId', 'product'] as const;
const OPTIONAL = [
  'orderLineId',
  'productId',
  'chargingMode',
  'expiry',
  'url',
  'adminUrl',
  'user',
  'password',
  'memo',
] as const;

/** Charging modes as the order query names them. */
const CHARGING_MODES = ['ON_DEMAND', 'ON_DEMAND_PKG', 'ONE_TIME', 'PERIOD'];

/** The columns that a file may have, in any order. */
export const COLUMNS: readonly string[] = [...REQUIRED, ...OPTIONAL];

type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
type Row = Readonly<Partial<Record<Column, string>>>;

/** Lengths: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html */
const LONGEST = { url: 512, adminUrl: 512, user: 128, password: 128, memo: 1024 } as const;

/**
 * Reads a CSV file (RFC 4180, UTF-8) and checks every line of it before anything is written. Faults name line and column,
 * never a value: some are passwords.
 */
export function readLines(text: string, products: ReadonlyMap<string, Product>, say: Say = speaker('en')): ReadLines {
  let records: readonly { readonly info: { readonly lines: number }; readonly record: Row }[];
  try {
    records = parse(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    return { faults: [say('import.no-csv', { line: Number((error as CsvError).lines ?? 1) })] };
  }
  const header = Object.keys(records[0]?.record ?? {});
  const unknown = header.filter((name) => !COLUMNS.includes(name));
  const missing = REQUIRED.filter((name) => !header.includes(name));
  if (records.length === 0) return { faults: [say('import.empty')] };
  if (unknown.length > 0 || missing.length > 0) {
    return {
      faults: [
        ...unknown.map((name) => say('import.unknown-column', { name, columns: COLUMNS.join(', ') })),
        ...missing.map((name) => say('import.missing-column', { name })),
      ],
    };
  }
  const faults: string[] = [];
  const lines: Line[] = [];
  for (const { info, record } of records) {
    const found = faultsOf(record, products, say);
    faults.push(...found.map((fault) => say('import.fault', { line: info.lines, fault })));
    const product = productOf(record, products);
    if (found.length === 0 && product !== undefined) lines.push(lineOf(record, product, info.lines));
  }
  faults.push(...repeats(lines, say));
  return faults.length > 0 ? { faults } : { lines };
}

function faultsOf(row: Row, products: ReadonlyMap<string, Product>, say: Say): string[] {
  const faults: string[] = [];
  for (const name of REQUIRED) if (!v.is(id, row[name] ?? '')) faults.push(say('import.missing', { name }));
  for (const name of ['orderLineId', 'productId'] as const) {
    if (row[name] && !v.is(id, row[name])) faults.push(say('import.too-long', { name }));
  }
  if (row.instanceId?.includes(',')) faults.push(say('import.comma'));
  const product = productOf(row, products);
  if (row.product && product === undefined) faults.push(say('import.unknown-product'));
  if (row.expiry && readExpiry(row.expiry) === undefined) {
    faults.push(say('import.expiry'));
  }
  if (row.chargingMode && !CHARGING_MODES.includes(row.chargingMode)) {
    faults.push(say('import.charging', { choices: CHARGING_MODES.join(', ') }));
  }
  for (const [name, length] of Object.entries(LONGEST)) {
    if ((row[name as Column]?.length ?? 0) > length) faults.push(say('import.characters', { name, length }));
  }
  if (!row.url && (row.adminUrl || row.user || row.password || row.memo)) faults.push(say('import.no-url'));
  if (product === undefined) return faults;
  if (product.onDemand && !row.productId) faults.push(say('import.no-product-id'));
  if (product.onDemand && !row.chargingMode) faults.push(say('import.no-charging'));
  for (const name of ['user', 'password'] as const) {
    const length = mostCredentialBytes(product);
    if (Buffer.byteLength(row[name] ?? '') > length) {
      faults.push(say('import.bytes', { name, length }));
    }
  }
  return faults;
}

/** The product of a row, by its name or a former one, else by its id. */
function productOf(row: Row, products: ReadonlyMap<string, Product>): Product | undefined {
  const given = row.product ?? '';
  const named = [...products.values()].find(({ name, formerNames }) => name === given || formerNames.includes(given));
  return named ?? products.get(given);
}

function lineOf(row: Row, product: Product, at: number): Line {
  const { orderId = '', instanceId = '', productId } = row;
  const isToldByOrder = product.families.some((family) => family === 'saas-v1' || family === 'license-1');
  const hasLines = product.families.some((family) => family === 'saas-v2' || family === 'license-online');
  // Every documented order line is the order's number with this behind it; it may be given where one is not.
  const orderLineId = hasLines ? row.orderLineId || `${orderId}-000001` : '';
  const expiresAt = row.expiry ? readExpiry(row.expiry) : undefined;
  const derived = derivedIds({
    product: product.id,
    orderId,
    isToldByOrder,
    ...(hasLines ? { orderLineId } : {}),
    ...(product.onDemand && productId ? { onDemandProductId: productId } : {}),
  });
  const charged = row.chargingMode ? { chargingMode: row.chargingMode } : {};
  const instance = { product: product.id, instanceId, orderId, orderLineId, derivedIds: derived, ...charged };
  const access = accessOf(row);
  return {
    at,
    instance: expiresAt === undefined ? instance : { ...instance, expiresAt },
    ...(access === undefined ? {} : { access }),
  };
}

function accessOf({ url, adminUrl, user, password, memo }: Row): Access | undefined {
  if (!url) return undefined;
  return {
    frontEndUrl: url,
    ...(adminUrl ? { adminUrl } : {}),
    ...(user ? { userName: user } : {}),
    ...(password ? { password } : {}),
    ...(memo ? { memo } : {}),
  };
}

/** Two lines of one instance, or of one order. */
function repeats(lines: readonly Line[], say: Say): string[] {
  const seen = new Map<string, number>();
  return lines.flatMap(({ at, instance: { product, instanceId, derivedIds: derived } }) =>
    [...derived, instanceId].flatMap((one) => {
      const key = JSON.stringify([product, one]);
      const before = seen.get(key);
      seen.set(key, before ?? at);
      const what = one === instanceId ? 'instanceId' : 'order';
      return before === undefined || before === at ? [] : [say(`import.repeat.${what}`, { line: at, before })];
    }),
  );
}

function readExpiry(text: string): number | undefined {
  if (/^\d+$/.test(text)) return parseMarketplaceTime(text);
  const isDated = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = isDated ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
