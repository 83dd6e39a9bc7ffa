import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { agentsGateway } from 'koogate/gateway';
import { chat } from '../lib/chat.ts';

const SECRET = 'a-secret-of-the-tests-with-32-characters';
const server = createServer(agentsGateway({ keys: { tests: SECRET } })(chat));
let at = '';
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  at = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/chat`;
});
after(() => server.close());

for (const stream of [false, true]) {
  test(`the gateway takes the server, and finds what to bill in ${stream ? 'a stream' : 'an answer'}`, async () => {
    const body = JSON.stringify({ prompt: 'one two three', stream });
    const call = ['certify', '--product-kind', 'agents', '--at', at, '--key', `tests=${SECRET}`, '--body', body];
    await promisify(execFile)('npx', ['koogate', ...call]); // fails unless the server is ready
  });
}

test('a call without proof is refused before it is read', async () => {
  const { status } = await fetch(at, { method: 'POST', body: '{"prompt":"one"}' });
  assert.equal(status, 401);
});
