import type { ExaminationLine, FoundLine } from '../deployed/shapes.ts';
import type { Said } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { operated } from './deployed-state.ts';
import { announce, type Child, h, refresh, region } from './element.ts';
import { button, mark } from './parts.ts';
import { askLines, Refusal } from './server.ts';
import { currentLocale, say } from './words.ts';

/** View of what the stage looks like from outside. */
export function doctorView(): Child {
  return region('doctor', examination, 'section', { class: 'card' });
}

function examination(): Child {
  const { isExamining, examined, findings } = operated.doctor;
  const { step, done, total } = examined;
  const text = say('page.doctor.step', { step: step[currentLocale()], done, total });
  return [
    h('p', { class: 'intro' }, say('page.doctor.intro')),
    h(
      'div',
      { class: 'actions' },
      button('examine', say('page.doctor.examine'), examine, { kind: 'main', disabled: isExamining, primary: true }),
    ),
    isExamining && [h('progress', { 'aria-label': text, max: total, value: done }), h('p', { class: 'hint' }, text)],
    !isExamining && findings.length > 0 && verdict(findings),
    h('ul', { class: 'marked' }, findings.map(line)),
  ];
}

function verdict(findings: readonly FoundLine[]): HTMLElement {
  const count = (state: FoundLine['state']) => findings.filter((one) => one.state === state).length;
  const [todo, unknown] = [count('todo'), count('unknown')];
  const kind = todo > 0 ? 'fail' : 'ok';
  const words = say(todo > 0 ? 'page.doctor.todo' : 'page.doctor.fine', { todo, unknown });
  return h('p', { class: `verdict ${kind}` }, mark(kind), h('strong', {}, words));
}

const MARKS = { good: 'ok', todo: 'fail', advice: 'warn', unknown: 'warn' } as const;

function line({ state, check, text, todo }: FoundLine): HTMLElement {
  const locale = currentLocale();
  return h(
    'li',
    { class: MARKS[state] },
    mark(MARKS[state]),
    h(
      'span',
      {},
      h('span', { class: 'tag' }, check[locale]),
      ` ${text[locale]}`,
      state === 'unknown' && h('span', { class: 'dim' }, ` (${say('page.doctor.unknown')})`),
      todo !== undefined && h('p', { class: 'dim' }, `→ ${todo[locale]}`),
    ),
  );
}

async function examine(): Promise<void> {
  const { doctor } = operated;
  if (doctor.isExamining) return;
  Object.assign(doctor, { isExamining: true, findings: [] });
  refresh('doctor');
  await attempt(() =>
    askLines<ExaminationLine | { readonly problem: Said }>('/api/doctor', {}, (told) => {
      if ('problem' in told) throw new Refusal(told.problem);
      if ('found' in told) doctor.findings = [...doctor.findings, told.found];
      else doctor.examined = told;
      refresh('doctor');
    }),
  );
  doctor.isExamining = false;
  announce(say('page.doctor.done', { count: doctor.findings.length }));
  refresh('doctor');
}
