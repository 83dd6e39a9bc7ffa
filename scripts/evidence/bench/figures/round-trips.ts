import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { lambdaContext, purchase, signedEvent } from '../events.ts';
import type { Figure, Row } from '../figure.ts';
import { type Handler, inWorld } from '../world.ts';

/** Forged calls after which counting them writes nothing more in the same minute. */
const IN_HAND = 20;

/** Requests to DynamoDB of one call each, counted where they leave the process. */
export const roundTrips: Figure = (_, say) =>
  inWorld(async ({ endpoint, parameters: { key }, load }) => {
    say('counting DynamoDB calls');
    const { port } = new URL(endpoint);
    let sent = 0;
    subscribe('http.client.request.start', (message) => {
      const { request } = message as { request: ClientRequest };
      if (String(request.getHeader('host')).endsWith(`:${port}`)) sent += 1;
    });
    const context = lambdaContext();
    const counted = async (handler: Handler, message: object, options = {}) => {
      const before = sent;
      const { body = '' } = await handler(signedEvent(key, message, options), context);
      return { calls: sent - before, answer: JSON.parse(body) as { resultCode: string; instanceId?: string } };
    };
    const forged = { signature: 'A'.repeat(64) };
    const play = async (handler: Handler) => {
      // Counts for the alarms are written at most once a minute; the writes that a quiet product has in hand are used up.
      for (let call = 0; call < IN_HAND; call += 1) await handler(signedEvent(key, purchase(), forged), context);
      const order = purchase();
      const first = await counted(handler, order);
      const { instanceId } = first.answer;
      const change = await counted(handler, { activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' });
      if (change.answer.resultCode !== '000000')
        throw new Error(`The change was not accepted: ${change.answer.resultCode}`);
      return {
        first: first.calls,
        repeat: (await counted(handler, order)).calls,
        change: change.calls,
        test: (await counted(handler, purchase({ testFlag: '1' }))).calls,
        refused: (await counted(handler, purchase(), forged)).calls,
      };
    };
    const koogate = load('produce');
    await koogate(signedEvent(key, purchase()), context); // the first call of all reads the parameters
    const ours = await play(koogate);
    const theirs = await play(load('reference'));
    const goals = { first: 1, repeat: 1, change: 1, test: 0, refused: 0 } as const;
    return (Object.keys(goals) as (keyof typeof goals)[]).map(
      (kind): Row => ({
        figure: `DynamoDB calls, ${kind}`,
        value: ours[kind],
        goal: { atMost: goals[kind] },
        ours: String(ours[kind]),
        theirs: `${theirs[kind]} (R)`,
      }),
    );
  });
