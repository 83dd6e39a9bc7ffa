import { createRequire } from 'node:module';
import type { Context } from 'aws-lambda';
import { BUNDLES } from '../../bench/bundles.ts';
import { signedEvent } from '../../bench/events.ts';

/** One invocation of the usual stack with no time left, in a process that will be killed: purchase, signing key, moment. */
const [orderId = '', key = '', at = ''] = process.argv.slice(2);
Date.now = () => Number(at);
const { handler } = createRequire(import.meta.url)(BUNDLES.reference);
const message = { activity: 'newInstance', orderId, orderLineId: `${orderId}-000001` };
await handler(signedEvent(key, message, { at: Number(at) }), {
  awsRequestId: 'r',
  getRemainingTimeInMillis: () => 0,
} as Context);
