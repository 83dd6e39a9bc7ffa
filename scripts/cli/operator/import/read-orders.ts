import { parse } from 'csv-parse/sync';

/** Heads of the column with the order's number; what an export calls it differs by site and language, and no page says. */
const HEADS = /^(订单(号|编号|id)|云商店订单(号|编号|id)|order ?(id|no\.?|number))$/i;

/** Orders of an export, or the heads of its columns if none of them is the one. */
export type ReadOrders = { readonly orders: ReadonlySet<string> } | { readonly heads: readonly string[] };

/**
 * Reads the order numbers of an export of the seller console: CSV in UTF-8 or, as spreadsheets in Chinese write it, GBK.
 * Lines above the heads are skipped. @param column head of the column, where it is not one of the usual
 */
export function readOrders(content: Uint8Array, column?: string): ReadOrders {
  const rows: string[][] = parse(textOf(content), {
    ...{ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true, relax_quotes: true },
  });
  const isHead = (cell: string) => (column === undefined ? HEADS.test(cell) : cell === column);
  const at = rows.findIndex((row) => row.some(isHead));
  if (at < 0) return { heads: rows[0] ?? [] };
  const place = rows[at]?.findIndex(isHead) ?? 0;
  const numbers = rows.slice(at + 1).map((row) => plain(row[place] ?? ''));
  return { orders: new Set(numbers.filter((number) => number !== '')) };
}

/** A number without the signs by which spreadsheets are told that it is a text. */
function plain(cell: string): string {
  return cell.replace(/^=?"?'?|"?$|\t/g, '').trim();
}

function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('gbk').decode(content);
  }
}
