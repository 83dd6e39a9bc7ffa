import { randomInt, randomUUID } from 'node:crypto';
import { deriveInstanceId } from '../../../../lib/protocol/instance-id.ts';
import { sendCall, signCall } from '../../../marketplace/signed-calls.ts';
import type { Asked } from './life-cycle.ts';
import type { Event } from './linearizable.ts';
import type { Reached } from './local.ts';

const CLIENTS = 4;
const CALLS = 4;
const KINDS = [
  'buy',
  'buy',
  'query',
  'renew',
  'renew',
  'upgrade',
  'freeze',
  'unfreeze',
  'freeze',
  'unfreeze',
  'release',
] as const;

/** A history of concurrent calls about one instance nobody has heard of; answers whose signature fails are counted. */
export async function record(local: Reached): Promise<{ history: readonly Event[]; unsigned: number }> {
  const { key } = local;
  const orderId = `L${randomUUID()}`;
  const line = { orderId, orderLineId: `${orderId}-1` };
  const instanceId = deriveInstanceId('plain', line.orderId, line.orderLineId);
  const base = Date.now() - 5_000;
  const history: Event[] = [];
  let unsigned = 0;
  const client = async (number: number) => {
    for (let call = 0; call < CALLS; call += 1) {
      const asked: Asked = number === 0 && call === 0 ? { what: 'buy' } : anything(base);
      const signed = signCall(
        local.url,
        key,
        message(asked, line, instanceId),
        'sentAt' in asked ? asked.sentAt : Date.now(),
      );
      const from = performance.now();
      const { json, bodySignHolds } = await sendCall(signed, key);
      history.push({ asked, from, to: performance.now(), resultCode: String(json.resultCode) });
      if (!bodySignHolds) unsigned += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return { history, unsigned };
}

function anything(base: number): Asked {
  const what = KINDS[randomInt(KINDS.length)] ?? 'buy';
  if (what === 'renew' || what === 'upgrade') return { what, order: `O${randomInt(2)}` };
  // A few moments only, so that some are the same.
  if (what === 'freeze' || what === 'unfreeze') return { what, sentAt: base + randomInt(4) };
  return { what };
}

function message(
  asked: Asked,
  line: { orderId: string; orderLineId: string },
  instanceId: string,
): Record<string, string> {
  switch (asked.what) {
    case 'buy':
      return { activity: 'newInstance', ...line };
    case 'query':
      return { activity: 'queryInstance', instanceId };
    case 'release':
      return { activity: 'releaseInstance', instanceId };
    case 'renew':
      return {
        activity: 'refreshInstance',
        instanceId,
        orderId: `${line.orderId}-${asked.order}`,
        orderLineId: `${line.orderId}-${asked.order}-1`,
        scene: 'RENEWAL',
        expireTime: '20300101000000',
      };
    case 'upgrade':
      return {
        activity: 'upgradeInstance',
        instanceId,
        orderId: `${line.orderId}-${asked.order}`,
        orderLineId: `${line.orderId}-${asked.order}-1`,
      };
    default:
      return {
        activity: 'updateInstanceStatus',
        instanceId,
        status: asked.what === 'freeze' ? 'FREEZE' : 'UNFREEZE',
      };
  }
}
