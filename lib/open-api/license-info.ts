import * as v from 'valibot';
import { parseMarketplaceTime } from '../protocol/times.ts';

/** State of a licence code: `ALIVE`, `EXPIRED`, `RELEASED`, or one that was added since. */
export type LicenseStatus = 'ALIVE' | 'EXPIRED' | 'RELEASED' | (string & {});

/** Information of the marketplace about a license code; absent members were not sent or could not be read. */
export interface LicenseInfo {
  readonly license?: string;
  readonly status?: LicenseStatus;
  readonly activatedAt?: Date;
  /** After an activation an estimate. */
  readonly expiresAt?: Date;
  readonly productId?: string;
  readonly productName?: string;
  readonly orderId?: string;
  readonly amount?: number;
}

const text = v.optional(
  v.fallback(v.optional(v.union([v.string(), v.pipe(v.number(), v.transform(String))])), undefined),
);
const time = v.optional(
  v.fallback(
    v.pipe(
      v.string(),
      v.transform((value) => {
        const ms = parseMarketplaceTime(value);
        return ms === undefined ? undefined : new Date(ms);
      }),
    ),
    undefined,
  ),
);
const number = v.optional(
  v.fallback(
    v.optional(v.union([v.number(), v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite())])),
    undefined,
  ),
);

/** Read tolerantly: one member that is not as documented does not cost the others. */
const Members = v.object({
  license_code: text,
  license: text,
  status: text,
  activate_time: time,
  expire_time: time,
  product_id: text,
  product_name: text,
  order_id: text,
  amount: number,
});

/**
 * Reads the members of a licence; undefined unless it is an object, or a JSON text of one.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649245.html
 */
export function readLicenseInfo(value: unknown): LicenseInfo | undefined {
  const { success, output } = v.safeParse(Members, typeof value === 'string' ? parse(value) : value);
  if (!success) return undefined;
  const members = {
    license: output.license_code ?? output.license,
    status: output.status,
    activatedAt: output.activate_time,
    expiresAt: output.expire_time,
    productId: output.product_id,
    productName: output.product_name,
    orderId: output.order_id,
    amount: output.amount,
  };
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
