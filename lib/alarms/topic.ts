import { SignatureV4 } from '@smithy/signature-v4';
import type { Severity } from '../config/alarm-settings.ts';
import { checkedUrl, exchange } from '../http.ts';
import { Sha256 } from '../sha256.ts';
import type { Receiver } from './receivers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Characters of a subject; SNS takes a hundred, of ASCII. */
const SUBJECT_LENGTH = 100;
/** Characters of a message: SNS takes 256 KB, and a character has three bytes at most. */
const TEXT_LENGTH = 80_000;
const ANSWER_LIMIT_BYTES = 64 * 1024;

/**
 * Publishes each message to a topic of Amazon SNS, signed by hand as the reads of parameters are; the topic's subscribers
 * get it by e-mail.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @param topic ARN of the topic, which says region and partition too
 * @param env credentials (`AWS_ACCESS_KEY_ID` …), read at each call; `AWS_ENDPOINT_URL_SNS` for another address
 * @param from least severity that those who are meant hear of, where others of the topic hear of another; the filters of
 *   their subscriptions look at it
 */
export function topicReceiver(topic: string, env: Environment, now: () => number, from?: Severity): Receiver {
  const [, partition = '', , region = ''] = topic.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = checkedUrl(env.AWS_ENDPOINT_URL_SNS ?? `https://sns.${region}.${domain}`, 'AWS_ENDPOINT_URL_SNS');
  const credentials = async () => ({
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
  });
  const signer = new SignatureV4({ service: 'sns', region, sha256: Sha256, credentials });
  return {
    name: 'topic',
    send: async ({ subject, text }, signal) => {
      const body = new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: topic,
        Subject: subject.en.replace(/[^\x20-\x7e]/g, '-').slice(0, SUBJECT_LENGTH),
        ...(from === undefined ? {} : attribute('from', from)),
        Message: `${text.en}\n\n----\n\n${subject.zh}\n\n${text.zh}\n`.slice(0, TEXT_LENGTH),
      }).toString();
      const signed = await signer.sign(
        {
          method: 'POST',
          protocol: url.protocol,
          hostname: url.hostname,
          path: '/',
          headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
          body,
        },
        { signingDate: new Date(now()) },
      );
      const { host: _, ...headers } = signed.headers;
      const { status } = await exchange({ method: 'POST', url, headers, body, signal, limit: ANSWER_LIMIT_BYTES });
      if (status !== 200)
        throw new Error(`SNS answered HTTP ${status}: look at the topic and at sns:Publish of the role.`);
    },
  };
}

/** Members of a request that give a message an attribute. */
function attribute(name: string, value: string): Readonly<Record<string, string>> {
  const entry = 'MessageAttributes.entry.1';
  return { [`${entry}.Name`]: name, [`${entry}.Value.DataType`]: 'String', [`${entry}.Value.StringValue`]: value };
}
