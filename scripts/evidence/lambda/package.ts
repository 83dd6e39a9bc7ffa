import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CONFIG_FILE, PACKAGE_ROOT } from '../../build/roots.ts';
import { Problem } from '../../dev/problem.ts';
import { type Deployment, readDeployment } from './template.ts';
import { unpackZip } from './zip.ts';

/** Stage that is rehearsed. */
export const STAGE = 'rehearsal';

const REGION = 'ap-southeast-1';

/** A packaged service, unpacked as Lambda does it. */
export interface Packaged {
  readonly deployment: Deployment;
  /** Folder of the service: its serverless.yml and settings. */
  readonly service: string;
  readonly configFile: string;
  /** Folder of a function's package by the function's name. */
  readonly folders: ReadonlyMap<string, string>;
}

/**
 * Packages this checkout's service with the Serverless Framework for a stage of its own, in a folder of its own, and
 * unpacks the functions.
 * @param openApi address of the marketplace's stand-in
 * @throws Problem with what the framework said
 */
export async function packageService(data: string, openApi: string): Promise<Packaged> {
  const service = join(data, 'service');
  mkdirSync(service);
  for (const name of ['serverless.yml', 'package.json']) copyFileSync(join(PACKAGE_ROOT, name), join(service, name));
  for (const name of ['deploy', 'scripts', 'node_modules']) symlinkSync(join(PACKAGE_ROOT, name), join(service, name));
  const configFile = join(service, CONFIG_FILE);
  writeFileSync(configFile, settings(openApi));
  await run(createRequire(import.meta.url).resolve('serverless/bin/serverless.js'), service, [
    ...['package', '--stage', STAGE, '--package', 'package'],
  ]);
  const template = join(service, 'package', 'cloudformation-template-update-stack.json');
  const deployment = readDeployment(JSON.parse(readFileSync(template, 'utf8')), REGION);
  const folders = new Map<string, string>();
  for (const name of deployment.functions.keys()) {
    const folder = join(data, 'functions', name);
    unpackZip(readFileSync(join(service, 'package', `${name}.zip`)), folder);
    folders.set(name, folder);
  }
  return { deployment, service, configFile, folders };
}

/** Runs a program of ours in the service's folder. @throws Problem with what it said */
export async function run(
  program: string,
  service: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { KOOGATE_CONFIG, ...inherited } = process.env;
  await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: service,
    env: { ...inherited, ...env },
  }).catch(({ stdout, stderr }) => {
    throw new Problem(`${args[0]} failed for the rehearsal:\n${stdout}\n${stderr}`);
  });
}

/**
 * The sample shop's settings. An address of this machine is no site that settings may name, since nothing in the cloud
 * could reach it; here everything lies on this machine, so it is put in behind the check.
 */
function settings(openApi: string): string {
  const from = (path: string) => JSON.stringify(join(PACKAGE_ROOT, path));
  return `import { defineConfig } from ${from('lib/config/config.ts')};
import { samples } from ${from('scripts/dev/samples/index.ts')};

const stage = { purpose: 'demonstration', region: '${REGION}' };
const config = defineConfig({ service: 'koogate', products: samples, stages: { ${STAGE}: stage } });
export default { ...config, stages: { ${STAGE}: { ...stage, site: ${JSON.stringify(openApi)} } } };
`;
}
