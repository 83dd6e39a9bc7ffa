import { SSMClient } from '@aws-sdk/client-ssm';
import { furtherSites, sitesOf } from '../../../lib/config/stage.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { writeNewFile } from './parameters/new-file.ts';
import { readFileContent } from './parameters/read-file.ts';
import { planWrites, write } from './parameters/store.ts';
import { stageNamed } from './place.ts';

/*
 * Brings the secrets of an installation from a file into Parameter Store, where the functions read them.
 * The file never leaves the machine by itself, and no value is ever printed.
 */

const OPTIONS = {
  ...COMMON,
  init: { type: 'string' },
  'credentials-key': { type: 'string' },
  stage: { type: 'string' },
  file: { type: 'string' },
  region: { type: 'string' },
  parameters: { type: 'string' },
  endpoint: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** Makes a secrets file, or stores one. */
export async function parameters(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    terminal.out(terminal.say('help.parameters'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  if (values.init !== undefined) return init(values.init, values['credentials-key'], terminal);
  if (values.stage === undefined || values.file === undefined) throw new Problem('problem.parameters-needed');
  return store(values.stage, values.file, values, terminal);
}

async function init(path: string, credentialsKey: string | undefined, { say, out, env }: Terminal): Promise<number> {
  const { config } = await readProject(readSettings(env));
  const receivers = Object.values(config.stages).flatMap((stage) => stage.receivers ?? []);
  const blanks = { key: say('parameters.blank'), address: say('parameters.blank-address') };
  await writeNewFile({
    path,
    products: config.products.values(),
    receivers,
    sites: Object.values(config.stages).flatMap((stage) => furtherSites(sitesOf(config, stage))),
    credentialsKey,
    blanks,
    today: new Date(),
  });
  out(say('parameters.made', { file: path }));
  return EXIT.good;
}

async function store(name: string, path: string, values: Values, { say, out, note, env }: Terminal): Promise<number> {
  const { config } = await readProject(readSettings(env));
  const stage = stageNamed(config, name);
  const prefix = values.parameters ?? stage.parameters;
  const region = values.region ?? stage.region;
  if (region === undefined) throw new Problem('problem.region', { stage: name });
  const { documents, addresses, warnings } = await readFileContent(path, config.products, stage, say);
  for (const warning of warnings) note(warning);
  const { endpoint, yes, json } = values;
  const client = new SSMClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const done: { readonly name: string; readonly state: 'written' | 'to-write' | 'to-wait' }[] = [];
  const tell = (entry: (typeof done)[number]) => {
    done.push(entry);
    if (!json) out(say(`parameters.${entry.state}`, { name: entry.name }));
  };
  try {
    const { writes, deferred } = await planWrites(client, prefix, documents);
    for (const [document, text] of writes) {
      if (yes) await write(client, `${prefix}/${document}`, text);
      tell({ name: `${prefix}/${document}`, state: yes ? 'written' : 'to-write' });
    }
    for (const [document, address] of addresses) {
      if (yes) await write(client, `${prefix}/${document}`, address, 'String');
      tell({ name: `${prefix}/${document}`, state: yes ? 'written' : 'to-write' });
    }
    for (const document of deferred) tell({ name: `${prefix}/${document}`, state: 'to-wait' });
    if (json) out(JSON.stringify({ stage: name, region, parameters: done }, null, 2));
    else if (deferred.length > 0) out(say('parameters.deferred'));
    if (!json && !yes) out(say('parameters.unwritten'));
    return EXIT.good;
  } finally {
    client.destroy();
  }
}
