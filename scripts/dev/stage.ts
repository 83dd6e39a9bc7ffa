import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../../lib/config/config.ts';
import { checkStage, resolveStage, type Stage } from '../../lib/config/stage.ts';
import { checkRegistry, registerProducts } from '../../lib/instances/registry.ts';
import type { Table } from '../../lib/table/table.ts';
import { bundle, type FunctionName } from '../build/bundle.ts';
import { findConfig, loadProject, type Project } from '../build/project.ts';
import { Problem } from './problem.ts';

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
  /** Takes a sentence for the person at the terminal. */
  warn(text: string): void;
}

/** A variable `${koogate:<address>}` of `serverless.yml`, as Serverless asks for it. */
export interface VariableSource {
  readonly address?: string;
  readonly options: { readonly stage?: string };
  resolveConfigurationProperty(path: readonly string[]): Promise<unknown>;
}

/** Region that a stage without one is packaged for in vain: the check names what is missing. */
const NO_REGION = 'us-east-1';

/** Values of the stage that `serverless.yml` may ask for. */
const VARIABLES: Readonly<Record<string, (stage: Stage, config: Config) => unknown>> = {
  service: (_, { service }) => service,
  region: ({ region }) => region ?? NO_REGION,
  table: ({ table }) => table,
  parameters: ({ parameters }) => parameters,
  environment: ({ environment }) => environment,
  iamStatements: ({ iamStatements }) => iamStatements,
};

/** Gives the value of a variable `${koogate:<address>}`. @throws Problem that lists the addresses */
export async function resolveVariable(source: VariableSource): Promise<{ readonly value: unknown }> {
  const { address = '', options } = source;
  const give = Object.hasOwn(VARIABLES, address) ? VARIABLES[address] : undefined;
  if (give === undefined) {
    throw new Problem(`serverless.yml: koogate knows no "${address}", only ${Object.keys(VARIABLES).join(', ')}.`);
  }
  const name = options.stage ?? (await source.resolveConfigurationProperty(['provider', 'stage']));
  const { config } = await loadProject(findConfig());
  return { value: give(stageOf(config, String(name ?? 'dev')), config) };
}

/** Checks the stage, and builds the functions that it deploys. @throws Problem with what to set */
export async function preparePackage(place: Place): Promise<void> {
  const { project, stage } = await readStage(place);
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

/** Writes down which products the table serves. @throws ProductsMissing */
export async function afterDeploy(place: Place): Promise<void> {
  await withTable(place, (table, config) => registerProducts(table, config, new Date()));
}

async function withTable(place: Place, use: (table: Table, config: Config) => Promise<void>): Promise<void> {
  const { project, stage } = await readStage(place);
  const client = new DynamoDBClient({ region: place.region });
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
      `Stage "${stage.name}" is in ${stage.region}, and --region says ${region}: leave --region out, or change ` +
        `stages.${stage.name}.region.`,
    );
  }
  return found;
}

async function readStage({ stage }: Place): Promise<{ readonly project: Project; readonly stage: Stage }> {
  const project = await loadProject(findConfig());
  return { project, stage: stageOf(project.config, stage) };
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
