import { parseArgs } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { main, Problem } from '../../dev/problem.ts';
import { stageOf } from '../../dev/stage.ts';
import { writeNewFile } from './parameters/new-file.ts';
import { readFileContent } from './parameters/read-file.ts';
import { planWrites, write } from './parameters/store.ts';

/*
 * Brings the secrets of an installation from a file into Parameter Store, where the functions read them.
 * The file never leaves the machine by itself, and no value is ever printed.
 */

const USAGE = `Usage:
  npm run parameters -- --init <file> [--credentials-key <public-key.pem>]
      makes a secrets file with fresh sealing keys; type the keys of the seller console into it
  npm run parameters -- --stage <stage> --file <file> [--region <region>] [--endpoint <url>] [--yes]
      shows what would be written to Parameter Store; --yes writes it
`;

const OPTIONS = {
  help: { type: 'boolean' },
  init: { type: 'string' },
  'credentials-key': { type: 'string' },
  stage: { type: 'string' },
  file: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

type Options = { [Name in keyof typeof OPTIONS]?: (typeof OPTIONS)[Name]['type'] extends 'boolean' ? boolean : string };

async function parameters(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return console.log(USAGE);
  if (options.init !== undefined) return init(options.init, options['credentials-key']);
  if (options.stage === undefined || options.file === undefined) throw new Problem(USAGE);
  if (!/^[\w-]{1,64}$/.test(options.stage)) throw new Problem('--stage is a word such as prod.');
  return store(options.stage, options.file, options);
}

async function init(path: string, credentialsKey: string | undefined): Promise<void> {
  const { config } = await readProject(readSettings(process.env));
  const receivers = Object.values(config.stages).flatMap((stage) => stage.receivers ?? []);
  await writeNewFile({ path, products: config.products.values(), receivers, credentialsKey, today: new Date() });
  console.log(
    `${path} is made. Copy the access keys of each product and the account's keys from the seller console into it, ` +
      'add the addresses of those who hear of alarms, keep a copy of it in a safe place (without the sealing keys nothing sealed can be opened), and never commit it.',
  );
}

async function store(stage: string, path: string, { region, endpoint, yes }: Options): Promise<void> {
  const { config } = await readProject(readSettings(process.env));
  const { parameters: prefix, region: usual, receivers } = stageOf(config, stage);
  const { documents, addresses, warnings } = await readFileContent(path, config.products, receivers);
  for (const warning of warnings) console.error(warning);
  const client = new SSMClient({
    region: region ?? usual ?? missingRegion(stage),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    const { writes, deferred } = await planWrites(client, prefix, documents);
    for (const [name, text] of writes) {
      if (yes) await write(client, `${prefix}/${name}`, text);
      console.log(`${yes ? 'written' : 'to write'}  ${prefix}/${name}`);
    }
    for (const [name, address] of addresses) {
      if (yes) await write(client, `${prefix}/${name}`, address, 'String');
      console.log(`${yes ? 'written' : 'to write'}  ${prefix}/${name}`);
    }
    for (const name of deferred) console.log(`to wait   ${prefix}/${name}`);
    if (deferred.length > 0) {
      console.log(
        'New sealing keys are used only once every function can open what they seal: run this again in 5 minutes.',
      );
    }
    if (!yes) console.log('Nothing was written: say --yes to do so. What is there already is replaced.');
  } finally {
    client.destroy();
  }
}

function missingRegion(stage: string): never {
  throw new Problem(
    `Stage "${stage}" has no region: set stages.${stage}.region in koogate.config.ts, or say --region.`,
  );
}

function readOptions(args: readonly string[]): Options {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

await main(() => parameters(process.argv.slice(2)));
