import { mailReceiver } from '../../../lib/alarms/mail.ts';
import { testMessage } from '../../../lib/alarms/message.ts';
import { receiversOf } from '../../../lib/alarms/of-stage.ts';
import type { Receiver } from '../../../lib/alarms/receivers.ts';
import { isHeard, SEVERITIES, type Severity } from '../../../lib/config/alarm-settings.ts';
import type { Stage } from '../../../lib/config/stage.ts';
import type { Say } from '../messages/index.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { topicMail } from './alarms/topic.ts';
import { PLACE, type Place, readPlace, secretsOf } from './place.ts';
import { asTable } from './usage/table-text.ts';

/** Milliseconds that a receiver may take. */
const SEND_MS = 10_000;

/** Answer of a receiver to one message. */
interface TestAnswer {
  readonly receiver: string;
  readonly severity: Severity;
  /** `unsent`: it does not hear of that severity. */
  readonly answer: 'taken' | 'refused' | 'unsent';
  readonly reason?: string;
}

/** Sends a test message of each severity to each receiver of a stage. @returns 1 if one could not be told */
export async function alarms(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, PLACE);
  if (values.help) {
    out(say('help.alarms'));
    return EXIT.good;
  }
  if (positionals.join(' ') !== 'test') throw new Problem('problem.alarms-needed', { given: positionals.join(' ') });
  const at = await readPlace(values, terminal);
  const { stage } = at;
  if (stage === undefined) {
    throw new Problem('problem.stage-needed', { choices: Object.keys(at.config.stages).join(', ') || '–' });
  }
  const receivers = await receiversAt(at, stage);
  if (receivers.length === 0) throw new Problem('problem.nobody-hears', { stage: stage.name }, EXIT.found);
  const from = `${at.config.service} ${stage.name}`;
  const answers = (await Promise.all(receivers.map((receiver) => tryOut(receiver, from, terminal)))).flat();
  if (values.json) out(JSON.stringify({ stage: stage.name, answers }, null, 2));
  else out(textOf(answers, say));
  return answers.some(({ answer }) => answer === 'refused') ? EXIT.found : EXIT.good;
}

/** Makes the receivers as the stage's host makes them. */
async function receiversAt(at: Place, stage: Stage): Promise<readonly Receiver[]> {
  const secrets = await secretsOf(at);
  const { clock } = at.terminal;
  const mail =
    stage.host === 'aws'
      ? topicMail(at, stage)
      : ({ names }: { readonly names: readonly string[] }) => mailReceiver(names, secrets);
  return receiversOf(stage, { secrets, clock, mail });
}

async function tryOut(receiver: Receiver, from: string, { clock }: Terminal): Promise<readonly TestAnswer[]> {
  const answers: TestAnswer[] = [];
  for (const severity of SEVERITIES) {
    const about = { receiver: receiver.name, severity };
    if (!isHeard(severity, receiver.from ?? 'info')) {
      answers.push({ ...about, answer: 'unsent' });
      continue;
    }
    try {
      await receiver.send(testMessage(from, clock(), severity), AbortSignal.timeout(SEND_MS));
      answers.push({ ...about, answer: 'taken' });
    } catch (error) {
      answers.push({ ...about, answer: 'refused', reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return answers;
}

function textOf(answers: readonly TestAnswer[], say: Say): string {
  const names = [...new Set(answers.map(({ receiver }) => receiver))];
  const rows = names.map((name) => [
    name,
    ...answers.filter(({ receiver }) => receiver === name).map(({ answer }) => say(`alarms.${answer}`)),
  ]);
  const reasons = new Set(answers.flatMap(({ reason }) => reason ?? []));
  return [
    asTable([say('alarms.receiver'), ...SEVERITIES.map((severity) => say(`alarms.${severity}`))], rows),
    ...(reasons.size === 0 ? [] : [[...reasons].join('\n')]),
    say(reasons.size === 0 ? 'alarms.all-taken' : 'alarms.some-refused'),
  ].join('\n\n');
}
