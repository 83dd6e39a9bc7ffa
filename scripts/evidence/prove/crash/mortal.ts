/**
 * A process that lives a life and kills itself with SIGKILL at the n-th of the moments at which it waits for anything:
 * before a request to the table leaves, when its answer has come, around each effect. The engine with its file is its
 * child and goes down with it. What the outside world knows is in the diary, a file that is written before anything else
 * happens: answers given, and effects in the seller's system.
 */
import type { Table } from '../../../../lib/table/table.ts';
import { createTable, localClient, startDynoxide } from '../../../dev/engine.ts';
import { live } from './live.ts';
import { dyingAt } from './moments.ts';
import type { Life } from './scenario.ts';

const [dbPath = '', diary = '', at = '', life = 'living'] = process.argv.slice(2);
const { write, moment, count } = dyingAt(Number(at), diary);

const engine = await startDynoxide({ dbPath });
const client = localClient(engine.endpoint);
await createTable(client, 'koogate');
const send = (async (command: object) => {
  const what = command.constructor.name;
  await moment(`before ${what}`);
  const settled = await Promise.allSettled([Reflect.apply(client.send, client, [command])]);
  await moment(`after ${what}`);
  const [answer] = settled;
  if (answer?.status === 'rejected') throw answer.reason;
  return answer?.value;
}) as unknown as Table['client']['send'];
await live(life as Life, { table: { name: 'koogate', client: { send } }, write, moment });
write(`survived ${count()}`);
client.destroy();
await engine.stop();
