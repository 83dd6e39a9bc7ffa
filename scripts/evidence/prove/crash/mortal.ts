/**
 * A process that accepts the calls of a life and carries them out, and kills itself with SIGKILL at the n-th of the
 * moments at which it waits for anything: before a request to the table leaves, when its answer has come, around each
 * effect. The engine with its file is its child and goes down with it. What the outside world knows is in the diary,
 * a file that is written before anything else happens: answers given, and effects in the seller's system.
 */
import { appendFileSync } from 'node:fs';
import { fulfilItem } from '../../../../lib/fulfilment/fulfil-item.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { createTable, localClient, startDynoxide } from '../../../dev/engine.ts';
import { CALLS, callsOf, fulfilment, INSTANCE, type Life } from './scenario.ts';

const [dbPath = '', diary = '', at = '', life = 'living'] = process.argv.slice(2);
const write = (line: string) => appendFileSync(diary, `${line}\n`, { flush: true });

let moments = 0;
async function moment(what: string): Promise<void> {
  moments += 1;
  if (moments !== Number(at)) return;
  write(`died ${what}`);
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}

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
const table: Table = { name: 'koogate', client: { send } };
const now = 1_700_000_000_000;
const deps = fulfilment(
  table,
  () => now,
  (key, hook) => write(`effect ${key} ${hook}`),
  moment,
);
const key = keys.instance('demo', INSTANCE);

for (const name of callsOf(life as Life)) {
  // A life that ends in a release has begun by then; the others wait all together.
  if (name === 'upgrade' && life === 'released') await fulfilItem(deps, key, () => 1_000_000);
  const { resultCode } = (await CALLS[name]?.(table, now)) ?? {};
  write(`answered ${name} ${resultCode}`);
  await moment(`after the answer to ${name}`);
}
await fulfilItem(deps, key, () => 1_000_000);
write(`survived ${moments}`);
client.destroy();
await engine.stop();
