import { speaker } from '../../cli/messages/index.ts';
import { type DoctorFinding, findingTexts } from '../../cli/operator/stage-doctor/finding.ts';
import type { DoctorOptions } from '../../cli/operator/stage-doctor/visit.ts';
import { Problem } from '../../cli/terminal/problem.ts';
import type { Tell } from '../api.ts';
import type { FoundLine, Words } from './shapes.ts';

/** Examines a stage as `koogate doctor --stage` does, and tells what it hears. */
export type Examine = (hear: Pick<DoctorOptions, 'onStep' | 'onFinding'>) => Promise<unknown>;

const SAYS = { en: speaker('en'), zh: speaker('zh') } as const;

/** Tells each step and each finding as they come. @throws Problem if no stage is looked at */
export async function tellExamination(examine: Examine | undefined, tell: Tell): Promise<void> {
  if (examine === undefined) throw new Problem('page.problem.no-stage');
  await examine({
    onStep: (check, done, total) =>
      tell({ step: check === '' ? { en: '', zh: '' } : words(`visit.check.${check}`), done, total }),
    onFinding: (finding) => tell({ found: lineOf(finding) }),
  });
}

function words(id: string): Words {
  return { en: SAYS.en(id), zh: SAYS.zh(id) };
}

function lineOf(finding: DoctorFinding): FoundLine {
  const [en, zh] = [findingTexts(SAYS.en, finding), findingTexts(SAYS.zh, finding)];
  const todo = en.todo === undefined || zh.todo === undefined ? {} : { todo: { en: en.todo, zh: zh.todo } };
  return {
    state: finding.state,
    check: words(`visit.check.${finding.check}`),
    text: { en: en.text, zh: zh.text },
    ...todo,
  };
}
