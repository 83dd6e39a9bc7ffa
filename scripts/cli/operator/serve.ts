import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle, FUNCTIONS } from '../../build/bundle.ts';
import { bundleServer, SERVER_FILE } from '../../build/server.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { stageNamed } from './place.ts';

const { json: _, ...SHARED } = COMMON;

const BUILD = { ...SHARED, out: { type: 'string' }, server: { type: 'boolean' } } as const;

/**
 * Builds what runs an installation: the functions' bundles, or with `--server` the server host as one file, for a machine
 * that has Node and none of the packages.
 */
export async function build(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, BUILD);
  if (values.help) {
    out(say('help.build'));
    return EXIT.good;
  }
  refuseWords(positionals);
  const { configFile, project } = readSettings(terminal.env);
  await readProject({ configFile });
  const folder = resolve(project, values.out ?? 'dist');
  if (values.server) await bundleServer({ configFile, outfile: join(folder, SERVER_FILE) });
  else await bundle({ configFile, outdir: folder });
  for (const name of values.server ? [SERVER_FILE] : FUNCTIONS.map((one) => `${one}.cjs`)) {
    const file = join(folder, name);
    out(say('build.done', { file, size: Math.round(statSync(file).size / 1_000) }));
  }
  return EXIT.good;
}

const SERVE = { ...SHARED, stage: { type: 'string' }, file: { type: 'string' } } as const;

/** Runs the server host of a stage in the foreground, built anew unless a file is named. Its exit code is the server's. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out, env } = terminal;
  const { values, positionals } = readArguments(args, SERVE);
  if (values.help) {
    out(say('help.serve'));
    return EXIT.good;
  }
  refuseWords(positionals);
  const stage = values.stage ?? env.KOOGATE_STAGE;
  if (!stage) throw new Problem('problem.needed', { name: '--stage' });
  const file = values.file === undefined ? await fresh(terminal, stage) : resolve(values.file);
  if (!existsSync(file)) throw new Problem('serve.no-file', { file });
  const child = spawn(process.execPath, [file], {
    env: { ...env, KOOGATE_STAGE: stage },
    stdio: 'inherit',
    detached: true, // a Ctrl-C in the terminal reaches it once, through us
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
  process.once('exit', () => child.kill('SIGKILL'));
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : EXIT.found;
}

/** Builds the file for a stage that the settings have. */
async function fresh({ env }: Terminal, stage: string): Promise<string> {
  const settings = readSettings(env);
  const { config } = await readProject(settings);
  stageNamed(config, stage);
  const file = join(settings.project, 'dist', SERVER_FILE);
  await bundleServer({ configFile: settings.configFile, outfile: file });
  return file;
}

function refuseWords([word]: readonly string[]): void {
  if (word !== undefined) throw new Problem('problem.word', { given: word });
}
