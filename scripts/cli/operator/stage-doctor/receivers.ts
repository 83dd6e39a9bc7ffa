import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mailTransport } from '../../../../lib/alarms/mail.ts';
import type { Secrets } from '../../../../lib/secrets/secrets.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('receivers');

/** Looks whether alarms can reach somebody: confirmed subscriptions on AWS, the mail server elsewhere. Nothing is sent. */
export async function checkReceivers(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { name: stage, receivers, webhooks, alarms, host } = visit.stage;
  const posted = [...webhooks, ...Object.keys(alarms.robots ?? {})];
  if (receivers.length + posted.length === 0) return [advice('none', { stage })];
  const untried = posted.length === 0 ? [] : [unknown('untried', { names: posted.join(', '), stage })];
  if (receivers.length === 0) return untried;
  return [...(await (host === 'aws' ? onTopic(visit) : byMail(await visit.secrets()))), ...untried];
}

async function onTopic(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { receivers, region = '' } = visit.stage;
  const topic = (await visit.stack())?.outputs.AlarmTopic;
  if (topic === undefined) return [unknown('no-topic')];
  const client = new SNSClient({ region });
  try {
    let [confirmed, pending] = [0, 0];
    let from: string | undefined;
    do {
      const more = from === undefined ? {} : { NextToken: from };
      const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic, ...more }));
      for (const { Protocol, SubscriptionArn = '' } of answer.Subscriptions ?? []) {
        if (Protocol !== 'email') continue;
        if (SubscriptionArn.startsWith('arn:')) confirmed += 1;
        else pending += 1;
      }
      from = answer.NextToken;
    } while (from !== undefined);
    if (pending > 0) return [todo('unconfirmed', { pending })];
    const expected = receivers.length;
    return [confirmed < expected ? todo('lacking', { confirmed, expected }) : good('confirmed', { confirmed })];
  } finally {
    client.destroy();
  }
}

/** Signs in at the mail server as the server does, and sends nothing. */
async function byMail(secrets: Secrets): Promise<readonly DoctorFinding[]> {
  const server = await secrets.mail();
  const { host, port } = server;
  const transport = mailTransport(server);
  try {
    await transport.verify();
    return [good('mail', { host, port })];
  } catch (error) {
    const { code = causeOf(error) } = Object(error) as { code?: string };
    return [todo('mail-refused', { host, port, cause: code })];
  } finally {
    transport.close();
  }
}
