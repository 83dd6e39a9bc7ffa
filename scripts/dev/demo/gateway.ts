import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type BilledCall, startGateway } from '../../marketplace/stand-in/gateway/server.ts';
import type { GatewayKey } from '../../marketplace/stand-in/gateway/sign.ts';
import { demoGateway } from '../samples/demo-gateway.ts';
import { poll } from './actor.ts';
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

/** The sample server behind both gateways, on loopback. */
export interface ServedGateway {
  readonly url: string;
  readonly key: GatewayKey;
  stop(): Promise<void>;
}

/** Serves the sample behind gateways, with a key made up for it. */
export async function serveDemoGateway(): Promise<ServedGateway> {
  const key = { name: 'demo-app-key', secret: randomBytes(24).toString('base64url') };
  const keys = { [key.name]: key.secret };
  const server = createServer(demoGateway({ apig: keys, agents: keys, note: () => {} })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sample server got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    key,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Products behind the gateways: a buyer calls, the gateway signs and bills. */
export async function playGateway(_: Stage, report: Report): Promise<void> {
  const served = await serveDemoGateway();
  try {
    for (const kind of ['agents', 'apig'] as const) await playOne(kind, served, report);
  } finally {
    await served.stop();
  }
}

async function playOne(kind: 'agents' | 'apig', { url, key }: ServedGateway, report: Report): Promise<void> {
  const name = kind === 'apig' ? 'API Gateway' : 'Agents gateway';
  const gateway = await startGateway({ kind, backend: `${url}/${kind}`, key });
  const forger = await startGateway({
    kind,
    backend: `${url}/${kind}`,
    key: { ...key, secret: 'another-secret-0123' },
  });
  const ask = async (at: string, body: object) => {
    const headers = { authorization: 'Bearer demo-buyer' };
    const response = await fetch(`${at}/chat`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    report.note(`${JSON.stringify(body)} → HTTP ${response.status} ${text.replaceAll('\n', ' ').trim().slice(0, 300)}`);
    return { status: response.status, text };
  };
  const billed = async (calls: readonly BilledCall[], number: number) =>
    (await poll(
      async () => calls.length,
      (count) => count >= number,
    )) && calls[number - 1];
  const tokens = kind === 'apig' ? '{}' : '{"usage.prompt_tokens":3,"usage.completion_tokens":3}';
  try {
    report.heading([`${name}: a call that is answered as a whole`, `${name}：一次性应答的调用`]);
    const whole = await ask(gateway.url, { prompt: 'one two three' });
    report.check(whole.status === 200 && whole.text.includes('three two one'), [
      'the buyer is answered',
      '买家得到应答',
    ]);
    const first = await billed(gateway.calls, 1);
    report.check(JSON.stringify(first?.bill?.last) === tokens, [`the gateway bills ${tokens}`, `网关计费 ${tokens}`]);

    report.heading([`${name}: a stream`, `${name}：流式应答`]);
    const stream = await ask(gateway.url, { prompt: 'one two three', stream: true });
    report.check(/three .*two .*one .*\[DONE\]/s.test(stream.text), ['the words come one by one', '逐词到达']);
    const bill = (await billed(gateway.calls, 2))?.bill;
    report.check(JSON.stringify(bill?.last) === tokens && JSON.stringify(bill?.sum) === tokens, [
      'the bill is the same, whether the last event counts or all are added up',
      '无论只取最后一个事件还是全部相加，账单都相同',
    ]);

    report.heading([`${name}: what is not billed`, `${name}：不计费的调用`]);
    report.check((await ask(gateway.url, { stream: true })).status === 400, [
      'a call that makes no sense is refused',
      '无意义的调用被拒绝',
    ]);
    report.check((await billed(gateway.calls, 3))?.bill === undefined, ['and not billed', '且不计费']);
    report.check((await ask(forger.url, { prompt: 'one' })).status === 401, [
      'a gateway with another secret is refused',
      '使用其他密钥值的网关被拒绝',
    ]);
  } finally {
    await gateway.stop();
    await forger.stop();
  }
}
