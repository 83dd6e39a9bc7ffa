import type { Access, AccessRequest } from './access.ts';
import { type Deployment, named } from './template.ts';

/**
 * Asks for what Lambda itself does with the functions' roles, and the functions never see: writing the log, reading the
 * stream and the queue, and setting aside what was given up. What is denied is found among the denied.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export async function rightsOfLambda({ functions, stream, queue }: Deployment, access: Access): Promise<void> {
  const wanted: AccessRequest[] = [];
  for (const { role, logs } of functions.values()) {
    const resource = logs.replace(/:\*$/, ':log-stream:rehearsal');
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) wanted.push({ role, action, resource });
  }
  const { role: reader } = named(functions, stream.function);
  for (const action of ['DescribeStream', 'GetRecords', 'GetShardIterator']) {
    wanted.push({ role: reader, action: `dynamodb:${action}`, resource: stream.streamArn });
  }
  wanted.push({ role: reader, action: 'dynamodb:ListStreams', resource: '*' });
  wanted.push({ role: reader, action: 'sqs:SendMessage', resource: stream.onFailure });
  const { role: taker } = named(functions, queue.function);
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    wanted.push({ role: taker, action: `sqs:${action}`, resource: queue.queueArn });
  }
  for (const request of wanted) await access.isAllowed(request);
}
