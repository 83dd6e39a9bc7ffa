import { createHmac, timingSafeEqual } from 'node:crypto';

/** Parts of an event that the floor looks at. */
export interface FloorEvent {
  readonly rawQueryString: string;
  readonly body?: string;
}

/**
 * F: the raw floor. Verify, parse, sign, as one plain function: no time window, no rotation, no validation, no log, no
 * life cycle. Nobody should run this; it is what the protocol itself costs in Node.
 */
export function floor(event: FloorEvent, key: string) {
  const query = new URLSearchParams(event.rawQueryString);
  const raw = Buffer.from(event.body ?? '', 'utf8');
  const digest = createHmac('sha256', key).update(raw).digest('hex');
  const wanted = createHmac('sha256', key)
    .update(key + query.get('nonce') + query.get('timestamp') + digest)
    .digest();
  if (!timingSafeEqual(Buffer.from(query.get('signature') ?? '', 'hex'), wanted)) throw new Error('wrong signature');
  const message: { orderId: string; orderLineId: string } = JSON.parse(raw.toString('utf8'));
  const body = JSON.stringify({
    resultCode: '000000',
    resultMsg: 'success',
    instanceId: `${message.orderId}-${message.orderLineId}`,
  });
  const signature = createHmac('sha256', key).update(body).digest('base64');
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'application/json',
      'Body-Sign': `sign_type="HMAC-SHA256", signature= "${signature}"`,
    },
    body,
  };
}
