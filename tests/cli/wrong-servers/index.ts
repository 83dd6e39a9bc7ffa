import { bodySignServers } from './body-sign.ts';
import { contentServers } from './content.ts';
import { doorServers } from './door.ts';
import { forgeryServers } from './forgeries.ts';
import { kitServers } from './kit.ts';
import { lifeServers } from './life.ts';
import { orderServers } from './orders.ts';
import { signatureServers } from './signatures.ts';
import type { WrongServer } from './wrong-server.ts';

/** Servers with one fault each, and the name by which the fault has to be caught. */
export const WRONG_SERVERS: readonly WrongServer[] = [
  ...signatureServers,
  ...forgeryServers,
  ...bodySignServers,
  ...contentServers,
  ...doorServers,
  ...kitServers,
  ...lifeServers,
  ...orderServers,
];
