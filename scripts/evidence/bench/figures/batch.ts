import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keys } from '../../../../lib/instances/keys.ts';
import { createSealer } from '../../../../lib/sealing/sealer.ts';
import { ITEM_TYPE } from '../../../../lib/table/item-type.ts';
import { answering, cpuRow } from '../compare.ts';
import { lambdaContext, signedEvent } from '../events.ts';
import { calls, type Figure } from '../figure.ts';
import { interleaved } from '../rounds.ts';
import { inWorld, TABLES } from '../world.ts';

const IDS = 100;

/** queryInstance of a hundred instances beside one, whose credentials are opened and encrypted for the wire. */
export const batch: Figure = (effort, say) =>
  inWorld(async ({ client, parameters: { key, sealing }, load }) => {
    say('filling the table');
    const sealer = createSealer({ sealing: async (_, half) => [sealing[half]] });
    const ids: Record<'demo' | 'plain', string[]> = { demo: [], plain: [] };
    for (const product of ['demo', 'plain'] as const) {
      for (let index = 0; index < IDS; index += 1) {
        const instanceId = randomUUID();
        const given = {
          frontEndUrl: 'https://app.example.com',
          adminUrl: 'https://app.example.com/admin',
          userName: `admin-${index}`,
          password: randomUUID(),
        };
        const key = keys.instance(product, instanceId);
        const access = await sealer.seal('credentials', given, key);
        const item = {
          ...key,
          type: ITEM_TYPE.instance,
          ...{ product, instanceId, wanted: 'ACTIVE', state: 'ACTIVE', access, failed: {}, pending: [] },
        };
        await client.send(new PutItemCommand({ TableName: TABLES.koogate, Item: marshall(item) }));
        ids[product].push(instanceId);
      }
    }
    const koogate = load('produce');
    const context = lambdaContext();
    const rows = [];
    for (const product of ['demo', 'plain'] as const) {
      say(`queryInstance of ${IDS} ids, product ${product}`);
      const event = (count: number) => () =>
        signedEvent(
          key,
          { activity: 'queryInstance', instanceId: ids[product].slice(0, count).join(',') },
          { product },
        );
      const answer = await koogate(event(IDS)(), context);
      if (JSON.parse(answer.body ?? '{}').info?.length !== IDS) throw new Error(`The batch failed: ${answer.body}`);
      const handle = (one: ReturnType<typeof signedEvent>) => koogate(one, context);
      const measured = await interleaved(
        [
          answering('hundred', calls(effort, 10, 3), handle, event(IDS)),
          answering('one', calls(effort, 100, 10), handle, event(1)),
        ],
        { rounds: effort.rounds },
      );
      const wire = product === 'demo' ? 'RSA-OAEP on the wire' : 'plain inside TLS';
      rows.push(
        cpuRow(`batch queryInstance of ${IDS} ids ÷ one id (${wire})`, { atMost: 80, stretch: 25 }, measured, [
          'hundred',
          'one',
        ]),
      );
    }
    return rows;
  });
