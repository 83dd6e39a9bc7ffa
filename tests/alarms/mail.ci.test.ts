import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mailReceiver } from '../../lib/alarms/mail.ts';
import { messageOf } from '../../lib/alarms/message.ts';

/** A mail server that takes everything, without TLS: for a sender without a password. */
const got: string[] = [];
let refuses = false;
const server = createServer((socket: Socket) => {
  let isData = false;
  socket.on('error', () => {}); // a client that has had enough
  socket.write('220 here\r\n');
  createInterface({ input: socket }).on('line', (line) => {
    got.push(line);
    if (isData) {
      if (line !== '.') return;
      isData = false;
      socket.write('250 taken\r\n');
    } else if (line === 'DATA') {
      isData = true;
      socket.write('354 go on\r\n');
    } else if (line === 'QUIT') socket.end('221 bye\r\n');
    else socket.write(refuses && line.startsWith('RCPT') ? '550 nobody of that name\r\n' : '250 ok\r\n');
  });
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = Object(server.address()).port;
});
afterAll(() => void server.close());

const message = messageOf('shop prod', 0, [
  { turn: 'opened', sighting: { rule: 'silent', group: 'demo', count: 1, since: 0, about: [] } },
]);
const never = new AbortController().signal;
const secrets = (more: object = {}) => ({
  mail: async () => ({ host: '127.0.0.1', port, from: 'koogate@example.com', ...more }),
  receiver: async (name: string) => `${name}@example.com`,
});

test('all receivers of a stage get one mail, in both languages', async () => {
  await mailReceiver(['ops', 'night'], secrets()).send(message, never);
  const recipients = got.filter((line) => line.startsWith('RCPT'));
  expect(recipients).toEqual(['RCPT TO:<ops@example.com>', 'RCPT TO:<night@example.com>']);
  expect(got).toContain('From: koogate@example.com');
});

test('a password never goes out in the clear', async () => {
  got.length = 0;
  const { send } = mailReceiver(['ops'], secrets({ user: 'u', password: 'of-the-mail' }));
  await expect(send(message, never)).rejects.toThrow(/did not take an alarm/);
  expect(got.filter((line) => /^AUTH|DATA/.test(line))).toEqual([]);
});

test('what a mail server refuses is told without its addresses', async () => {
  refuses = true;
  const error = await mailReceiver(['ops'], secrets()).send(message, never).catch(String);
  expect(error).toMatch(/did not take an alarm \(EENVELOPE\)/);
  expect(error).not.toContain('@');
});
