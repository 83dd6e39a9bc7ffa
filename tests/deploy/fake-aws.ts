import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A call to one of the services, in the order of arrival. */
export interface AwsCall {
  /** `sts GetCallerIdentity`, `s3 PUT /bucket/key` … */
  readonly name: string;
  readonly parameters: URLSearchParams;
  readonly body: Buffer;
}

/** Stand-in for STS, CloudFormation, S3 and Lambda behind one address, as much of them as a first deployment asks for. */
export interface FakeAws {
  readonly endpoint: string;
  readonly calls: readonly AwsCall[];
  /** Uploaded objects by `/bucket/key`. */
  readonly objects: ReadonlyMap<string, Buffer>;
  stop(): Promise<void>;
}

export const BUCKET = 'koogate-deployments';

const ACCOUNT = '123456789012';

/**
 * @param onDeployed called with the number of the change that was executed; stands for what the stack then has
 */
export async function startFakeAws(onDeployed: (change: number) => Promise<void> = async () => {}): Promise<FakeAws> {
  const calls: AwsCall[] = [];
  const objects = new Map<string, Buffer>();
  let stack = 'NONE';
  let changes = 0;

  const answers: Record<string, (parameters: URLSearchParams) => string | Promise<string>> = {
    'sts GetCallerIdentity': () =>
      `<Arn>arn:aws:iam::${ACCOUNT}:user/deployer</Arn><UserId>U</UserId><Account>${ACCOUNT}</Account>`,
    'cloudformation DescribeStacks': (parameters) => {
      if (stack === 'NONE') throw new Error(`Stack with id ${parameters.get('StackName')} does not exist`);
      return `<Stacks><member><StackName>koogate</StackName><StackStatus>${stack}</StackStatus>
        <CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>`;
    },
    'cloudformation CreateChangeSet': () => '<Id>change-set</Id><StackId>stack</StackId>',
    'cloudformation DeleteChangeSet': () => '',
    'cloudformation DescribeChangeSet': () => '<Status>CREATE_COMPLETE</Status><ChangeSetName>c</ChangeSetName>',
    'cloudformation ExecuteChangeSet': async () => {
      changes += 1;
      await onDeployed(changes);
      stack = stack === 'NONE' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
      return '';
    },
    'cloudformation DescribeStackEvents': (parameters) =>
      `<StackEvents><member><EventId>${stack}</EventId><StackName>${parameters.get('StackName')}</StackName>
        <StackId>stack</StackId><PhysicalResourceId>stack</PhysicalResourceId>
        <LogicalResourceId>${parameters.get('StackName')}</LogicalResourceId>
        <ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>${stack}</ResourceStatus>
        <Timestamp>${new Date().toISOString()}</Timestamp></member></StackEvents>`,
    'cloudformation DescribeStackResource': () =>
      `<StackResourceDetail><LogicalResourceId>ServerlessDeploymentBucket</LogicalResourceId>
        <PhysicalResourceId>${BUCKET}</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType>
        <ResourceStatus>CREATE_COMPLETE</ResourceStatus>
        <LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></StackResourceDetail>`,
    'cloudformation ListStackResources': () => '<StackResourceSummaries></StackResourceSummaries>',
    'cloudformation ValidateTemplate': () => '<Capabilities><member>CAPABILITY_IAM</member></Capabilities>',
  };

  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const service =
      /Credential=[^/]+\/\d+\/[^/]+\/(\w+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'unsigned';
    const url = new URL(request.url ?? '/', 'http://aws');
    const xml = (status: number, text: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
    if (service === 's3') {
      calls.push({ name: `s3 ${request.method} ${url.pathname}`, parameters: url.searchParams, body });
      if (request.method === 'PUT') objects.set(url.pathname, body);
      return xml(200, request.method === 'PUT' ? '' : `<ListBucketResult><Name>${BUCKET}</Name></ListBucketResult>`);
    }
    if (service === 'lambda') {
      // Asked whether the functions are deployed already.
      calls.push({ name: `lambda ${request.method} ${url.pathname}`, parameters: url.searchParams, body });
      return response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
    }
    const parameters = new URLSearchParams(body.toString());
    const action = parameters.get('Action') ?? '';
    const name = `${service} ${action}`;
    calls.push({ name, parameters, body });
    try {
      const answer = answers[name];
      if (answer === undefined) throw new Error(`The stand-in does not know ${name}`);
      const result = await answer(parameters);
      xml(200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      xml(
        400,
        `<ErrorResponse><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in got no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls,
    objects,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
