import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { Problem as LocalProblem } from '../../dev/problem.ts';
import { localized } from '../../language/sentence.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type DeployRoleOptions, deployRole } from './deploy-role/template.ts';
import { stageNamed } from './place.ts';

const { json: _, ...SHARED } = COMMON;

const OPTIONS = {
  ...SHARED,
  stage: { type: 'string' },
  repository: { type: 'string' },
  'provider-arn': { type: 'string' },
} as const;

/** Prints the role of the deploy workflow: least rights, bound to repository and stage. */
export async function printDeployRole(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    terminal.out(terminal.say('help.deploy-role'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const { stage, repository, 'provider-arn': providerArn } = values;
  if (stage === undefined || repository === undefined) throw new Problem('problem.deploy-role-needed');
  const { config } = await readProject(readSettings(terminal.env));
  const options = { config, stage: stageNamed(config, stage), repository };
  terminal.out(templateOf(providerArn === undefined ? options : { ...options, providerArn }, terminal).trimEnd());
  return EXIT.good;
}

/** @throws Problem that says what of the options to mend */
function templateOf(options: DeployRoleOptions, { locale }: Terminal): string {
  try {
    return deployRole(options);
  } catch (error) {
    if (!(error instanceof LocalProblem)) throw error;
    throw new Problem('problem.as-said', { text: localized(locale, error.sentence) });
  }
}
