/**
 * A process that lives a life on a table in PostgreSQL and kills itself with SIGKILL at the n-th moment, with a statement
 * on its way or just answered. In a life that ends with a release every change is made in a transaction, after a lost
 * race. The database goes on, and finds the connection ended.
 */
import { readAddress } from '../../../../lib/table/postgres/address.ts';
import { openConnections } from '../../../../lib/table/postgres/connections.ts';
import { tableOn } from '../../../../lib/table/postgres/open.ts';
import { toleratesFailures } from './failures.ts';
import { live } from './live.ts';
import { dyingAt, withMoments } from './moments.ts';
import type { Life } from './scenario.ts';

const [url = '', name = '', diary = '', at = '', life = 'living'] = process.argv.slice(2);
const { write, moment, count } = dyingAt(Number(at), diary);
const connections = openConnections(readAddress(url), { password: async () => process.env.PGPASSWORD });
const watched = withMoments(connections, moment, life === 'released' ? name : undefined);
await live(life as Life, { table: tableOn(watched, name), write, moment, onFailure: toleratesFailures(write) });
write(`survived ${count()}`);
await connections.close();
