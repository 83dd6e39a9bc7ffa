/** Ten-thousandths: the marketplace counts usage with at most four decimals, and sums must not round. */
export type Amount = bigint;

const DECIMAL = /^(?:0|[1-9]\d{0,19})(?:\.(\d{1,20}))?$/;
const DECIMALS = 4;
/** Double(12,4): twelve digits, four of them decimals. */
const LARGEST = 99_999_999_9999n;

/**
 * Reads a usage value: a decimal text or a JSON number above zero. Undefined for anything that is not one, that has more
 * than four decimals (zeros at the end aside) or more than eight digits before them.
 * Source: `usage_value` in https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export function parseUsageValue(value: unknown): Amount | undefined {
  const amount = parseAmount(typeof value === 'number' ? String(value) : value);
  return amount !== undefined && amount > 0n && amount <= LARGEST ? amount : undefined;
}

/** Reads a decimal text as kept in the table; undefined for anything else. */
export function parseAmount(text: unknown): Amount | undefined {
  const [whole, decimals = ''] = typeof text === 'string' ? (DECIMAL.exec(text) ?? []) : [];
  if (whole === undefined || !/^\d{0,4}0*$/.test(decimals)) return undefined;
  const [integer = ''] = whole.split('.');
  return BigInt(integer + decimals.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
}

/** The shortest decimal text: `12.5`, `99`. */
export function formatAmount(amount: Amount): string {
  const digits = amount.toString().padStart(DECIMALS + 1, '0');
  const decimals = digits.slice(-DECIMALS).replace(/0+$/, '');
  const integer = digits.slice(0, -DECIMALS);
  return decimals === '' ? integer : `${integer}.${decimals}`;
}
