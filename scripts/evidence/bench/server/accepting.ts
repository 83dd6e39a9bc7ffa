import type { AddressInfo } from 'node:net';
import { createPublicListener } from '../../../../handlers/server/public.ts';
import { produceFunctionOn } from './produce-on.ts';

/** Our server as far as it accepts: fulfilment is another process's. Tells its port, and serves until it is killed. */
const { produce, log } = produceFunctionOn(process.env);
const listener = createPublicListener({
  produce,
  state: { keysLoaded: true, clock: 'right', draining: false },
  log,
  clock: Date.now,
  trustsProxy: false,
});
listener.server.listen(0, '127.0.0.1', () => process.send?.((listener.server.address() as AddressInfo).port));
