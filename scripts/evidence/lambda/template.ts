/*
 * Content of a packaged service's CloudFormation template, as far as the rehearsal plays it: functions, their roles,
 * and what wakes them. Names that CloudFormation would make up are made up here; whatever is not understood stops the
 * rehearsal.
 */

/** Account that everything belongs to. */
export const ACCOUNT = '123456789012';

type Properties = Readonly<Record<string, unknown>>;

interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

/** A template as Serverless writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** A statement of a policy, its references filled in. */
export type Statement = Readonly<Record<string, unknown>>;

/** A packaged function. */
export interface PackagedFunction {
  /** Name in serverless.yml. */
  readonly name: string;
  /** Its full name in the account. */
  readonly functionName: string;
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMegabytes: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Logical id of its role. */
  readonly role: string;
  /** Address of its log group, for the right to write to it. */
  readonly logs: string;
}

/** A mapping that hands records of the table's stream to a function. */
export interface StreamMapping {
  readonly function: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly maximumRetries: number;
  readonly filterPatterns: readonly unknown[];
  /** Queue of the records that were given up. */
  readonly onFailure: string;
}

/** A mapping that hands messages of a queue to a function. */
export interface QueueMapping {
  readonly function: string;
  readonly queueArn: string;
  readonly maxReceiveCount: number;
}

/** A packaged service. */
export interface Deployment {
  readonly region: string;
  readonly table: { readonly name: string; readonly arn: string };
  readonly functions: ReadonlyMap<string, PackagedFunction>;
  /** Statements by the logical id of the role. */
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
  readonly stream: StreamMapping;
  readonly queue: QueueMapping;
  /** Routes of the HTTP API, such as `ANY /produce/{product+}`. */
  readonly routes: readonly string[];
}

/** Reads a template for a region. @throws Error that names what is not understood */
export function readDeployment({ Resources }: Template, region: string): Deployment {
  const resolve = resolver(Resources, region);
  const ofType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  const only = (type: string, has: (properties: Properties) => boolean = () => true): Properties => {
    const [found, ...others] = ofType(type)
      .map(([, { Properties }]) => resolve(Properties) as Properties)
      .filter(has);
    if (found === undefined || others.length > 0) throw new Error(`Expected one ${type}, found ${others.length}.`);
    return found;
  };
  const functions = new Map(
    ofType('AWS::Lambda::Function').map(([id, { Properties }]) => {
      const packaged = functionOf(id, Properties, resolve);
      return [packaged.name, packaged] as const;
    }),
  );
  const shortOf = (arn: unknown) => [...functions.values()].find((one) => one.arn === arn)?.name ?? String(arn);
  const [tableId = 'Table'] = ofType('AWS::DynamoDB::Table').map(([id]) => id);
  return {
    region,
    table: { name: String(resolve({ Ref: tableId })), arn: String(resolve({ 'Fn::GetAtt': [tableId, 'Arn'] })) },
    functions,
    roles: rolesOf(Resources, resolve),
    stream: streamOf(
      only('AWS::Lambda::EventSourceMapping', ({ FilterCriteria }) => FilterCriteria !== undefined),
      shortOf,
    ),
    queue: queueOf(
      only('AWS::Lambda::EventSourceMapping', ({ ScalingConfig }) => ScalingConfig !== undefined),
      only('AWS::SQS::Queue', ({ RedrivePolicy }) => RedrivePolicy !== undefined),
      shortOf,
    ),
    routes: ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => String(Properties.RouteKey)),
  };
}

/** Finds what belongs to a function. @throws Error if the template has no such function */
export function named<Value>(functions: ReadonlyMap<string, Value>, name: string): Value {
  const found = functions.get(name);
  if (found === undefined) throw new Error(`The template has no function ${name}.`);
  return found;
}

function functionOf(id: string, properties: Properties, resolve: Resolve): PackagedFunction {
  const [role] = attributeOf(properties.Role);
  const functionName = String(properties.FunctionName);
  const { Variables = {} } = (resolve(properties.Environment ?? {}) ?? {}) as { Variables?: Record<string, string> };
  const group = id.replace(/LambdaFunction$/, 'LogGroup');
  return {
    name: functionName.split('-').at(-1) ?? functionName,
    functionName,
    arn: String(resolve({ 'Fn::GetAtt': [id, 'Arn'] })),
    handler: String(properties.Handler),
    runtime: String(properties.Runtime),
    memoryMegabytes: Number(properties.MemorySize),
    timeoutMs: Number(properties.Timeout) * 1_000,
    environment: Variables,
    role,
    logs: String(resolve({ 'Fn::GetAtt': [group, 'Arn'] })),
  };
}

function rolesOf(resources: Template['Resources'], resolve: Resolve): ReadonlyMap<string, readonly Statement[]> {
  const roles = new Map<string, Statement[]>();
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    if (Properties.ManagedPolicyArns !== undefined) throw new Error(`${id} has managed policies, which are not read.`);
    roles.set(id, statementsIn(resolve(Properties.Policies ?? [])));
  }
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::IAM::Policy') continue;
    const statements = statementsIn([resolve({ PolicyDocument: Properties.PolicyDocument })]);
    for (const { Ref } of Properties.Roles as { Ref: string }[]) roles.get(Ref)?.push(...statements);
  }
  return roles;
}

function statementsIn(policies: unknown): Statement[] {
  const documents = policies as readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  return documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function streamOf(mapping: Properties, shortOf: (arn: unknown) => string): StreamMapping {
  const { FilterCriteria, DestinationConfig } = mapping as {
    readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] };
    readonly DestinationConfig: { readonly OnFailure: { readonly Destination: string } };
  };
  if (mapping.ParallelizationFactor !== 1) {
    throw new Error(`Expected a stream of one batch at a time, found ${mapping.ParallelizationFactor}.`);
  }
  return {
    function: shortOf(mapping.FunctionName),
    streamArn: String(mapping.EventSourceArn),
    batchSize: Number(mapping.BatchSize),
    maximumRetries: Number(mapping.MaximumRetryAttempts),
    filterPatterns: FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern)),
    onFailure: DestinationConfig.OnFailure.Destination,
  };
}

function queueOf(mapping: Properties, queue: Properties, shortOf: (arn: unknown) => string): QueueMapping {
  const { maxReceiveCount } = queue.RedrivePolicy as { readonly maxReceiveCount: number };
  return { function: shortOf(mapping.FunctionName), queueArn: String(mapping.EventSourceArn), maxReceiveCount };
}

type Resolve = (value: unknown) => unknown;

/** Fills in references as CloudFormation does. */
function resolver(resources: Template['Resources'], region: string): Resolve {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': ACCOUNT,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const refer = (id: string): string => {
    const { Type, Properties } = resources[id] ?? {};
    if (Type === undefined) return pseudo[id] ?? unknown(`Ref ${id}`);
    return String(Properties?.FunctionName ?? Properties?.TableName ?? Properties?.LogGroupName ?? id);
  };
  const arnOf = (id: string, attribute: string): string => {
    const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
    const name = refer(id);
    const known: Readonly<Record<string, string>> = {
      'AWS::DynamoDB::Table.Arn': arn('dynamodb', `table/${name}`),
      'AWS::DynamoDB::Table.StreamArn': arn('dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`),
      'AWS::Lambda::Function.Arn': arn('lambda', `function:${name}`),
      'AWS::Logs::LogGroup.Arn': arn('logs', `log-group:${name}:*`),
      'AWS::SQS::Queue.Arn': arn('sqs', name),
    };
    return known[`${resources[id]?.Type}.${attribute}`] ?? unknown(`${id}.${attribute}`);
  };
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = [''], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (name === 'Ref') return refer(String(argument));
      if (name === 'Fn::GetAtt') return arnOf(...attributeOf(value));
      if (name === 'Fn::Sub') {
        return String(argument).replace(/\$\{([^}]+)\}/g, (_, place: string) => {
          const [id = '', attribute] = place.split('.');
          return attribute === undefined ? refer(id) : arnOf(id, attribute);
        });
      }
      if (name.startsWith('Fn::')) return unknown(name);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  return resolve;
}

function attributeOf(value: unknown): [id: string, attribute: string] {
  const { 'Fn::GetAtt': pair } = Object(value) as { readonly 'Fn::GetAtt'?: readonly [string, string] };
  if (pair === undefined) return unknown(JSON.stringify(value));
  return [pair[0], pair[1]];
}

function unknown(what: string): never {
  throw new Error(
    `The template says ${what}, which the rehearsal does not understand: scripts/evidence/lambda/template.ts.`,
  );
}
