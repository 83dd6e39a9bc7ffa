import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { messageOf, testMessage } from '../../lib/alarms/message.ts';
import { kept, webhookReceiver } from '../../lib/alarms/receivers.ts';
import { topicReceiver } from '../../lib/alarms/topic.ts';
import { NOW } from './support.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const sighting = { rule: 'set-aside', group: 'demo', count: 2, since: NOW, about: ['a: why'] } as const;
const message = messageOf('shop prod', Date.now(), [{ turn: 'opened', sighting }]);
const never = new AbortController().signal;

let status = 200;
let got: { headers: Record<string, string>; body: string } = { headers: {}, body: '' };
const server = createServer(async (request, response) => {
  got = { headers: request.headers as Record<string, string>, body: await text(request) };
  response.writeHead(status).end('{}');
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${Object(server.address()).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  status = 200;
});

describe('a webhook', () => {
  test('is signed as Standard Webhooks has it, and holds both languages', async () => {
    await webhookReceiver('pager', async () => `${address}/alarms#${SECRET}`).send(message, never);
    expect(new Webhook(SECRET).verify(got.body, got.headers)).toMatchObject({
      type: 'koogate.alarms',
      data: {
        from: 'shop prod',
        severity: 'warning',
        subject: { en: expect.stringContaining('set aside'), zh: expect.stringContaining('搁置') },
        news: [
          {
            turn: 'opened',
            rule: 'set-aside',
            count: 2,
            since: new Date(NOW).toISOString(),
            title: { en: expect.any(String) },
          },
        ],
      },
    });
    expect(JSON.stringify(got)).not.toContain('whsec');
  });

  test('has the figures of a digest in the place of news', async () => {
    const digest = { ...message, news: [], digest: { bought: 3 } };
    await webhookReceiver('pager', async () => `${address}#${SECRET}`).send(digest, never);
    expect(JSON.parse(got.body)).toMatchObject({ type: 'koogate.digest', data: { digest: { bought: 3 } } });
    expect(JSON.parse(got.body).data).not.toHaveProperty('news');
  });

  test.each([404, 500])('that answers %s has not heard', async (answer) => {
    status = answer;
    await expect(webhookReceiver('pager', async () => `${address}#${SECRET}`).send(message, never)).rejects.toThrow(
      `HTTP ${answer}`,
    );
  });

  test.each(['https://example.com/x', 'https://example.com/x#secret', '', 'ops@example.com'])(
    'at %j is refused without repeating it',
    async (given) => {
      await expect(webhookReceiver('pager', async () => given).send(message, never)).rejects.toThrow(
        /receivers\.pager/,
      );
    },
  );
});

describe('a topic', () => {
  const ARN = 'arn:aws:sns:ap-southeast-1:123456789012:shop-Alarms';
  const env = () => ({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_ENDPOINT_URL_SNS: address });

  test('is published to, with a subject that e-mail takes', async () => {
    await topicReceiver(ARN, { ...env(), AWS_SESSION_TOKEN: 'token' }, Date.now).send(message, never);
    const form = new URLSearchParams(got.body);
    expect(Object.fromEntries(form)).toMatchObject({ Action: 'Publish', TopicArn: ARN });
    expect(form.get('Subject')).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(form.get('Message')).toContain('变更已搁置');
    expect(got.headers.authorization).toMatch(/Credential=id\/\d+\/ap-southeast-1\/sns\/aws4_request/);
    expect(got.headers['x-amz-security-token']).toBe('token');
  });

  test('that others hear from a lesser severity on says whom it means', async () => {
    await topicReceiver(ARN, env(), Date.now, 'critical').send(message, never);
    expect(Object.fromEntries(new URLSearchParams(got.body))).toMatchObject({
      'MessageAttributes.entry.1.Name': 'from',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'critical',
    });
  });

  test('that refuses is named', async () => {
    status = 403;
    const keyless = { AWS_ENDPOINT_URL_SNS: address };
    for (const one of [env(), keyless]) {
      await expect(topicReceiver(ARN, one, Date.now).send(message, never)).rejects.toThrow('HTTP 403');
    }
  });

  test.each([ARN, 'arn:aws-cn:sns:cn-north-1:1:x', 'nonsense'])('of %s is made without asking anybody', (arn) => {
    expect(topicReceiver(arn, { AWS_REGION: 'x' }, Date.now).name).toBe('topic');
  });
});

test('what was read once is kept, and what could not be read is read again', async () => {
  let reads = 0;
  const value = kept(async () => {
    reads += 1;
    if (reads === 1) throw new Error('not yet');
    return reads;
  });
  await expect(value()).rejects.toThrow('not yet');
  expect([await value(), await value()]).toEqual([2, 2]);
});

test('a test message says its severity, and that nothing is to be done', () => {
  const { severity, subject, text, news } = testMessage('shop prod', 1, 'warning');
  expect({ severity, subject, news }).toMatchObject({
    ...{ severity: 'warning', news: [] },
    subject: { en: 'KooGate shop prod: TEST (warning)', zh: 'KooGate shop prod：测试（警告）' },
  });
  expect(text.en).toContain('nothing is to be done');
});

test('a message without news has a subject all the same', () => {
  expect(messageOf('shop', 1, []).subject.en).toBe('KooGate shop: ');
});
