import type { AddressInfo } from 'node:net';
import { createPublicListener } from '../../../../handlers/server/public.ts';
import { collected } from '../collected.ts';
import { produceFunctionOn } from './produce-on.ts';

/**
 * Our server as far as it accepts: fulfilment is another process's. Tells its port, and serves until it is killed; asked
 * for `heap`, it tells the bytes in use when nothing more can be collected.
 */
const { produce, log } = produceFunctionOn(process.env);
const listener = createPublicListener({
  produce,
  state: { keysLoaded: true, clock: 'right', draining: false },
  log,
  clock: Date.now,
  trustsProxy: false,
});
process.on('message', () => process.send?.(collected()));
listener.server.listen(0, '127.0.0.1', () => process.send?.((listener.server.address() as AddressInfo).port));
