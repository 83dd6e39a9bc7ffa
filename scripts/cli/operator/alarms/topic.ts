import { SignatureV4 } from '@smithy/signature-v4';
import type { MailGroup } from '../../../../lib/alarms/of-stage.ts';
import { kept, type Receiver } from '../../../../lib/alarms/receivers.ts';
import { topicReceiver } from '../../../../lib/alarms/topic.ts';
import type { Stage } from '../../../../lib/config/stage.ts';
import { checkedUrl, exchange } from '../../../../lib/http.ts';
import { Sha256 } from '../../../../lib/sha256.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { type Place, signedIn } from '../place.ts';

const ANSWER_LIMIT_BYTES = 256 * 1024;
/** Milliseconds that CloudFormation may take. */
const FIND_MS = 8_000;

/** Makes what sends e-mail as the deployed sweep does: through the topic of the stage's stack. */
export function topicMail(at: Place, stage: Stage): (group: MailGroup) => Receiver {
  const { terminal, config } = at;
  const ready = kept(async () => {
    const env = await signedIn(terminal.env, stage.region);
    return { env, topic: await findTopic(`${config.service}-${stage.name}`, stage.region ?? '', env) };
  });
  return ({ from, isOnly }) => ({
    name: 'topic',
    send: async (message, signal) => {
      const { env, topic } = await ready();
      await topicReceiver(topic, env, terminal.clock, isOnly ? undefined : from).send(message, signal);
    },
  });
}

/**
 * Finds the topic of the alarms, whose name CloudFormation has made up.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
 * @throws Error that says what to look at
 */
async function findTopic(stack: string, region: string, env: Terminal['env']): Promise<string> {
  const usual = `https://cloudformation.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const url = checkedUrl(env.AWS_ENDPOINT_URL_CLOUDFORMATION ?? usual, 'AWS_ENDPOINT_URL_CLOUDFORMATION');
  const body = new URLSearchParams({
    Action: 'DescribeStackResource',
    Version: '2010-05-15',
    StackName: stack,
    LogicalResourceId: 'Alarms',
  }).toString();
  const signer = new SignatureV4({
    ...{ service: 'cloudformation', region, sha256: Sha256 },
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
    },
  });
  const { host: _, ...headers } = (
    await signer.sign({
      ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path: '/', body },
      headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
    })
  ).headers;
  const sent = { method: 'POST' as const, url, headers, body, timeout: FIND_MS, limit: ANSWER_LIMIT_BYTES };
  const { status, text = '' } = await exchange(sent);
  const topic = /<PhysicalResourceId>(arn:[^<]+)<\/PhysicalResourceId>/.exec(text)?.[1];
  if (status === 200 && topic !== undefined) return topic;
  throw new Error(
    `CloudFormation names no topic "Alarms" of the stack ${stack} (HTTP ${status}): is the stage deployed, and may you ` +
      'call cloudformation:DescribeStackResource?',
  );
}
