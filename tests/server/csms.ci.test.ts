import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMetrics } from '../../handlers/server/metrics.ts';
import { type RunningServer, startServer } from '../../handlers/server/start.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { documentsOf } from '../../lib/secrets/file.ts';
import { demoSeller } from '../../scripts/dev/samples/demo.ts';
import { secretsFile } from '../secrets/fixture.ts';
import { type FakeCsms, OPERATOR, startFakeCsms } from '../support/fake-csms.ts';
import { memoryTable } from '../support/memory-table.ts';
import { routeEvent } from '../support/route.ts';
import { shaky } from './host.ts';

const PROJECT = '0123456789abcdef0123456789abcdef';
const config = defineConfig({
  service: 'shop',
  products: { demo: { seller: demoSeller } },
  stages: { cn: { host: 'server', purpose: 'demonstration', server: { private: '127.0.0.1:0' } } },
});

let csms: FakeCsms;
let server: RunningServer | undefined;
const lines: string[] = [];

beforeAll(async () => {
  csms = await startFakeCsms(PROJECT);
  for (const [name, document] of documentsOf('secrets.json', secretsFile())) {
    csms.state.secrets.set(`shop-cn.${name.replaceAll('/', '.')}`, [JSON.stringify(document)]);
  }
});
afterAll(async () => {
  await server?.stop();
  await csms.stop();
});

test('a server takes its keys from the Cloud Secret Management Service, and goes on while that is away', async () => {
  const env = {
    ...OPERATOR,
    KOOGATE_STAGE: 'cn',
    KOOGATE_SECRETS: `csms://cn-north-4/${PROJECT}/shop-cn?endpoint=${csms.url}`,
    PORT: '0',
  };
  const write = (line: string) => void lines.push(line);
  server = await startServer(config, env, { table: shaky(memoryTable(), Date.now), metrics: createMetrics(), write });
  csms.state.faults.push(...Array<'reset'>(4).fill('reset'));
  const purchase = { activity: 'newInstance', businessId: 'b', orderId: 'CS1', orderLineId: 'CS1-1', testFlag: '1' };
  const { headers, rawQueryString, body } = routeEvent('newest-key', purchase, { product: 'demo', now: Date.now() });
  const url = `http://127.0.0.1:${server.port}/produce/demo?${rawQueryString}`;
  const answer = await fetch(url, { method: 'POST', headers: Object(headers), body: body ?? '' });
  expect(await answer.json()).toMatchObject({ resultCode: '000000' });
  expect(answer.headers.get('body-sign')).toMatch(/sign_type/);
  expect(lines.join('\n')).not.toMatch(/newest-key|secret-of-account|sk-of-the-operator/);
});
