import { join } from 'node:path';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { type Severity, severityOf } from '../../lib/config/alarm-settings.ts';
import { type Config, LOCAL_STAGE } from '../../lib/config/config.ts';
import { checkStage, resolveStage, type Stage } from '../../lib/config/stage.ts';
import { checkRegistry, registerProducts } from '../../lib/instances/registry.ts';
import { names } from '../../lib/secrets/source.ts';
import type { Table } from '../../lib/table/table.ts';
import { bundle, type FunctionName } from '../build/bundle.ts';
import { findConfig, loadProject, type Project } from '../build/project.ts';
import { PACKAGE_ROOT } from '../build/roots.ts';
import { Problem } from './problem.ts';
import { protectTable } from './protect-table.ts';

/*
 * The Serverless part: what of `serverless.yml` comes from the settings, what is checked before a stage is packaged or
 * deployed, and the functions' bundles.
 */

/** A service that Serverless works on. */
export interface Place {
  /** Folder of the service. */
  readonly root: string;
  /** Name of the service in `serverless.yml`. */
  readonly service: string;
  readonly stage: string;
  /** Region that Serverless deploys to. */
  readonly region: string;
  /** Credentials that Serverless deploys with. */
  readonly credentials?: DynamoDBClientConfig['credentials'];
  /** Takes a sentence for the person at the terminal. */
  warn(text: string): void;
}

/** Region that a stage without one is packaged for in vain: the check names what is missing. */
const NO_REGION = 'us-east-1';

/** Values of the stage that `serverless.yml` and the YAML below `deploy/aws/` ask for. */
const VARIABLES: Readonly<Record<string, (stage: Stage) => unknown>> = {
  table: ({ table }) => table,
  parameters: ({ parameters }) => parameters,
  parameterArn: ({ parameters }) =>
    `arn:$\{AWS::Partition}:ssm:$\{AWS::Region}:$\{AWS::AccountId}:parameter${parameters}`,
  environment: ({ environment }) => environment,
  /** The local run resolves no Ref, and has no topic. */
  sweepEnvironment: ({ name, environment }) =>
    name === LOCAL_STAGE ? environment : { ...environment, KOOGATE_TOPIC: { Ref: 'Alarms' } },
  domainName: ({ domain }) => domain?.name,
  certificateArn: ({ domain }) => domain?.certificateArn,
};

/** Gives the value of a variable `koogate:<address>`. @throws Problem that lists the addresses */
export async function resolveVariable(address: string, stage: string): Promise<unknown> {
  const give = Object.hasOwn(VARIABLES, address) ? VARIABLES[address] : undefined;
  if (give === undefined) {
    throw new Problem(`serverless.yml: koogate knows no "${address}", only ${Object.keys(VARIABLES).join(', ')}.`);
  }
  return give((await readStage(stage)).stage);
}

/** Additions to `serverless.yml`, in its own terms: Serverless merges them and resolves their variables. */
export interface Additions {
  readonly region: string;
  /** Further events of the function `produce`. */
  readonly events: readonly unknown[];
  /** Further maps of functions; a text stands for an included file. */
  readonly functions: readonly unknown[];
  /** Further pieces of the CloudFormation template. */
  readonly resources: readonly unknown[];
}

/**
 * Gives what a stage's settings add to the service: its region, the login, a domain, receivers and permissions. The local
 * run has the login as soon as a product has settings for it.
 */
export async function readAdditions(name: string): Promise<Additions> {
  const { stage, project } = await readStage(name);
  const login = stage.login || (name === LOCAL_STAGE && sellsLogin(project.config));
  return {
    region: stage.region ?? NO_REGION,
    events: stage.domain ? [{ httpApi: 'GET /' }] : [],
    functions: login ? [included('login.yml', 'functions')] : [],
    resources: [
      ...(login ? [included('login.yml', 'resources')] : []),
      ...(stage.domain ? [included('domain.yml')] : []),
      ...receiversOf(stage),
      ...webhooksOf(stage),
      ...digestOf(stage),
      ...permissionsOf(stage, login),
      ...concurrencyOf(stage),
    ],
  };
}

function sellsLogin({ products }: Config): boolean {
  return [...products.values()].some(({ login }) => login !== undefined);
}

/** Includes a file of `deploy/aws/` as `serverless.yml` would, wherever the package lies. */
function included(file: string, part?: string): string {
  return `$\{file(${join(PACKAGE_ROOT, 'deploy/aws', file)})${part === undefined ? '' : `:${part}`}}`;
}

/**
 * Subscribes the receivers to the alarms. The template names the parameter with the address alone: CloudFormation reads
 * it, which it can from plain strings only.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
 */
function receiversOf({ receivers, parameters, alarms }: Stage): readonly unknown[] {
  if (receivers.length === 0) return [];
  const severities = new Set(receivers.map((name) => severityOf(alarms, name)));
  const Resources = Object.fromEntries(
    receivers.map((name) => [
      `AlarmReceiver${logicalName(name)}`,
      {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Alarms' },
          Protocol: 'email',
          Endpoint: `{{resolve:ssm:${parameters}/${names.receiver(name)}}}`,
          ...(severities.size === 1 ? {} : { FilterPolicy: filterOf(severityOf(alarms, name)) }),
        },
      },
    ]),
  );
  return [{ Resources }];
}

/** Lets through what the sweep means for a severity, and the alarms from outside, which have no attribute. */
function filterOf(from: Severity): object {
  return { from: [from, { exists: false }] };
}

/** Lets the sweep read the addresses of webhooks and robots. */
function webhooksOf({ webhooks, alarms, parameters }: Stage): readonly unknown[] {
  const posted = [...webhooks, ...Object.keys(alarms.robots ?? {})];
  if (posted.length === 0) return [];
  const arn = `arn:$\{AWS::Partition}:ssm:$\{AWS::Region}:$\{AWS::AccountId}:parameter${parameters}/`;
  const Statement = {
    Effect: 'Allow',
    Action: ['ssm:GetParameter', 'ssm:GetParameters'],
    Resource: posted.map((name) => ({ 'Fn::Sub': arn + names.receiver(name) })),
  };
  const WebhookPolicy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'webhooks',
      PolicyDocument: { Version: '2012-10-17', Statement: [Statement] },
      Roles: [{ Ref: 'FulfilRole' }],
    },
  };
  return [{ Resources: { WebhookPolicy } }];
}

/** Lets the sweep read the whole table for the daily digest: histories are verified, and what was bought is counted. */
function digestOf({ alarms }: Stage): readonly unknown[] {
  if (alarms.digest === undefined) return [];
  const Statement = {
    Effect: 'Allow',
    Action: ['dynamodb:Scan', 'dynamodb:Query'],
    Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
  };
  const DigestPolicy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'digest',
      PolicyDocument: { Version: '2012-10-17', Statement: [Statement] },
      Roles: [{ Ref: 'FulfilRole' }],
    },
  };
  return [{ Resources: { DigestPolicy } }];
}

/** Lets the functions that run the seller's code do what the stage says. */
function permissionsOf({ iamStatements }: Stage, login: boolean): readonly unknown[] {
  if (iamStatements.length === 0) return [];
  const roles = ['ProduceRole', 'FulfilRole', ...(login ? ['LoginRole'] : [])];
  const SellerPolicy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'seller',
      PolicyDocument: { Version: '2012-10-17', Statement: iamStatements },
      Roles: roles.map((role) => ({ Ref: role })),
    },
  };
  return [{ Resources: { SellerPolicy } }];
}

/** Keeps places for the route. */
function concurrencyOf({ reservedConcurrency }: Stage): readonly unknown[] {
  if (reservedConcurrency === undefined) return [];
  const Properties = { ReservedConcurrentExecutions: reservedConcurrency };
  return [{ extensions: { ProduceLambdaFunction: { Properties } } }];
}

/** Makes a logical id, letters and digits, of a name; different names give different ones. */
function logicalName(name: string): string {
  return name.replaceAll('-', 'Dash').replace(/^./, (first) => first.toUpperCase());
}

/** Checks the stage, and builds the functions that it deploys. @throws Problem with what to set */
export async function preparePackage(place: Place): Promise<void> {
  const { project, stage } = await readStage(place.stage);
  if (stage.name === LOCAL_STAGE) {
    throw new Problem(`"${LOCAL_STAGE}" is the local run, which npm start begins: name a stage with --stage.`);
  }
  if (stage.host !== 'aws') {
    throw new Problem(
      `Stage "${stage.name}" runs on a server (stages.${stage.name}.host), and only stages on AWS are packaged here: ` +
        'name another stage with --stage.',
    );
  }
  const { problems, warnings } = checkStage(project.config, stage);
  for (const warning of warnings) place.warn(warning);
  const all = [...mismatches(place, project.config, stage), ...problems];
  if (all.length > 0) throw new Problem(all.join('\n'));
  await bundle({ configFile: project.configFile, outdir: join(place.root, 'dist'), functions: functionsOf(stage) });
}

/** Refuses to deploy over a table whose products the settings no longer have. @throws ProductsMissing */
export async function beforeDeploy(place: Place): Promise<void> {
  await withTable(place, async (table, config) => {
    await checkRegistry(table, config).catch((error) => {
      if (error.name !== 'ResourceNotFoundException') throw error; // the first deployment makes the table
    });
  });
}

/** Writes down which products the table serves, and protects the table from deletion. @throws ProductsMissing, Problem */
export async function afterDeploy(place: Place): Promise<void> {
  await withTable(place, async (table, config) => {
    await registerProducts(table, config, new Date());
    await protectTable(table);
  });
}

async function withTable(place: Place, use: (table: Table, config: Config) => Promise<void>): Promise<void> {
  const { project, stage } = await readStage(place.stage);
  const { region, credentials } = place;
  const client = new DynamoDBClient({ region, ...(credentials === undefined ? {} : { credentials }) });
  try {
    await use({ client, name: stage.table }, project.config);
  } finally {
    client.destroy();
  }
}

function mismatches({ service, region }: Place, config: Config, stage: Stage): string[] {
  const found: string[] = [];
  if (service !== config.service) {
    found.push(
      `serverless.yml names the service "${service}", and koogate.config.ts "${config.service}": make them the same.`,
    );
  }
  if (stage.region !== undefined && region !== stage.region) {
    found.push(
      `Stage "${stage.name}" is in ${stage.region}, and --region or serverless.yml says ${region}: take that out, or ` +
        `change stages.${stage.name}.region.`,
    );
  }
  return found;
}

async function readStage(name: string): Promise<{ readonly project: Project; readonly stage: Stage }> {
  const project = await readProject(findConfig());
  if (name !== LOCAL_STAGE) return { project, stage: stageOf(project.config, name) };
  const stages = { [LOCAL_STAGE]: { purpose: 'demonstration' } } as const;
  return { project, stage: stageOf({ ...project.config, stages }, LOCAL_STAGE) };
}

const projects = new Map<string, Promise<Project>>();

/** Reads the settings once in a run of Serverless, which asks for a dozen of their values. */
function readProject(configFile: string): Promise<Project> {
  const project = projects.get(configFile) ?? loadProject(configFile);
  projects.set(configFile, project);
  return project;
}

/** @throws Problem that lists the stages */
export function stageOf(config: Config, name: string): Stage {
  try {
    return resolveStage(config, name);
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}

function functionsOf({ login }: Stage): readonly FunctionName[] {
  const always = ['produce', 'fulfil', 'meter', 'reconcile'] as const;
  return login ? [...always, 'login'] : always;
}
