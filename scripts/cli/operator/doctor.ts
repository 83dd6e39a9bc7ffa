import { checkStage } from '../../../lib/config/stage.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { stageNamed } from './place.ts';

const OPTIONS = { ...COMMON, stage: { type: 'string' } } as const;

/** Checks the settings of a stage if one is named; otherwise explains a signature, with code that shares none of ours. */
export async function doctorOrSettings(args: readonly string[], terminal: Terminal): Promise<number> {
  if (!args.some((word) => /^--stage(=|$)/.test(word)) || args.includes('--help')) {
    return (await import('../commands/doctor.ts')).doctor(args, terminal);
  }
  const { values, positionals } = readArguments(args, OPTIONS);
  const [word] = positionals;
  if (word !== undefined || values.stage === undefined) throw new Problem('problem.word', { given: word ?? '--stage' });
  return checkSettings(values.stage, terminal, values.json === true);
}

/** Says what of a stage's settings the marketplace or the cloud would refuse. @returns 1 if something must be mended */
async function checkSettings(name: string, { env, out, say, paint }: Terminal, json: boolean): Promise<number> {
  const { config } = await readProject(readSettings(env));
  const { problems, warnings } = checkStage(config, stageNamed(config, name));
  if (json) {
    out(JSON.stringify({ stage: name, problems, warnings }, null, 2));
  } else {
    for (const text of warnings) out(paint('yellow', say('config.warning', { text })));
    for (const text of problems) out(paint('red', say('config.problem', { text })));
    if (problems.length === 0) out(paint('green', say('config.good')));
  }
  return problems.length === 0 ? EXIT.good : EXIT.found;
}
