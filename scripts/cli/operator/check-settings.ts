import { checkStage } from '../../../lib/config/stage.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { EXIT } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { stageNamed } from './place.ts';

/** Says what of a stage's settings the marketplace or the cloud would refuse. @returns 1 if something must be mended */
export async function checkSettings(name: string, terminal: Terminal, json: boolean): Promise<number> {
  const { config } = await readProject(readSettings(terminal.env));
  const stage = stageNamed(config, name);
  const { problems, warnings } = checkStage(config, stage);
  const { out, say, paint } = terminal;
  if (json) {
    out(JSON.stringify({ stage: name, problems, warnings }, null, 2));
  } else {
    for (const text of warnings) out(paint('yellow', say('config.warning', { text })));
    for (const text of problems) out(paint('red', say('config.problem', { text })));
    if (problems.length === 0) out(paint('green', say('config.good')));
  }
  return problems.length === 0 ? EXIT.good : EXIT.found;
}
