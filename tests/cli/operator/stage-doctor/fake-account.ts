import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Contents of an account on AWS, changed by the tests as they like. */
export interface Account {
  stack:
    | { status: string; outputs: Record<string, string>; resources: (readonly [type: string, id: string])[] }
    | undefined;
  roles: Set<string>;
  /** Environment of each function. */
  functions: Map<string, Record<string, string>>;
  limit: { all: number; free: number };
  /** ARNs of the subscriptions by e-mail; one that waits is `PendingConfirmation`. */
  subscriptions: string[];
  /** Services that answer AccessDenied. */
  denied: Set<string>;
}

/** Stand-in for CloudFormation, IAM, Lambda and SNS behind one address: what the doctor asks them. */
export async function startFakeAccount(account: Account) {
  const members = (list: readonly string[]) => list.map((one) => `<member>${one}</member>`).join('');
  const answers: Record<string, (parameters: URLSearchParams) => string> = {
    DescribeStacks: (parameters) => {
      if (account.stack === undefined) throw new Error(`Stack with id ${parameters.get('StackName')} does not exist`);
      const { status, outputs } = account.stack;
      const shown = Object.entries(outputs).map(
        ([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`,
      );
      return `<Stacks><member><StackName>s</StackName><StackStatus>${status}</StackStatus>
        <CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members(shown)}</Outputs></member></Stacks>`;
    },
    ListStackResources: (parameters) => {
      const all = account.stack?.resources ?? [];
      const from = Number(parameters.get('NextToken') ?? 0); // three a page
      const page = all.slice(from, from + 3).map(
        ([type, id]) => `<ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId>
          <LogicalResourceId>L</LogicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus>
          <LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp>`,
      );
      const next = from + 3 < all.length ? `<NextToken>${from + 3}</NextToken>` : '';
      return `<StackResourceSummaries>${members(page)}</StackResourceSummaries>${next}`;
    },
    GetRole: (parameters) => {
      const name = parameters.get('RoleName') ?? '';
      if (!account.roles.has(name)) throw Object.assign(new Error('no such role'), { code: 'NoSuchEntity' });
      return `<Role><Path>/</Path><RoleName>${name}</RoleName><RoleId>R</RoleId><Arn>arn:aws:iam::1:role/${name}</Arn>
        <CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>`;
    },
    ListSubscriptionsByTopic: () => {
      const shown = account.subscriptions.map(
        (arn) =>
          `<SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>ops@example.com</Endpoint>`,
      );
      return `<Subscriptions>${members(shown)}</Subscriptions>`;
    },
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { authorization = '', 'content-type': type = 'text/xml' } = request.headers;
    const service = /Credential=[^/]+\/\d+\/[^/]+\/(\w+)\//.exec(authorization)?.[1] ?? 'unsigned';
    if (service === 'lambda') {
      const json = (status: number, value: object, error = '') =>
        response.writeHead(status, { 'x-amzn-errortype': error }).end(JSON.stringify(value));
      if (account.denied.has(service)) return json(403, { message: 'not for you' }, 'AccessDeniedException');
      if (request.url?.startsWith('/2016-08-19/account-settings')) {
        const { all, free } = account.limit;
        return json(200, { AccountLimit: { ConcurrentExecutions: all, UnreservedConcurrentExecutions: free } });
      }
      const name = /functions\/([^/]+)\/configuration/.exec(request.url ?? '')?.[1] ?? '';
      const Variables = account.functions.get(name);
      if (Variables === undefined) return json(404, { Message: 'gone' }, 'ResourceNotFoundException');
      return json(200, { FunctionName: name, State: 'Active', Environment: { Variables } });
    }
    const parameters = new URLSearchParams(body.toString());
    const action = parameters.get('Action') ?? '';
    try {
      if (account.denied.has(service)) throw Object.assign(new Error('not for you'), { code: 'AccessDenied' });
      const result = answers[action]?.(parameters);
      if (result === undefined) throw new Error(`The stand-in does not know ${service} ${action}`);
      response
        .writeHead(200, { 'content-type': type })
        .end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    } catch (error) {
      const { code = 'ValidationError', message } = Object(error);
      response
        .writeHead(400, { 'content-type': 'text/xml' })
        .end(`<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${Object(server.address()).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
