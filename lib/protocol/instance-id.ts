import { hash } from 'node:crypto';

/**
 * The id of the instance that an order line buys: the same purchase always yields the same id, so that a repeated or
 * concurrent newInstance cannot make a second instance. A UUID of version 8 (RFC 9562: made from a hash of one's own
 * choice) from SHA-256. `productId` takes no part: it may be present in one delivery and absent in the next.
 */
export function deriveInstanceId(product: string, orderId: string, orderLineId: string): string {
  return deriveUuid([product, orderId, orderLineId]);
}

/** The UUID that stands for these parts; other parts, or as many in another order, yield another one. */
export function deriveUuid(parts: readonly string[]): string {
  // JSON keeps the parts apart whatever characters they hold; "v1" leaves room for another rule.
  const bytes = hash('sha256', JSON.stringify(['v1', ...parts]), 'buffer');
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
