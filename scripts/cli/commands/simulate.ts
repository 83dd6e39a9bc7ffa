import { activityNames, FAMILIES, familyNamed, familyOf } from '../../marketplace/calls/families.ts';
import type { Family, FamilyName } from '../../marketplace/calls/family.ts';
import { presets } from '../../marketplace/calls/presets.ts';
import { CHARGING } from '../../marketplace/calls/subject.ts';
import { consoleSays } from '../checks/console-says.ts';
import { converse } from '../conversation.ts';
import { COMMON, readArguments, readChoice, readParameters, TARGET } from '../terminal/arguments.ts';
import { describeExchange, exchangeJson } from '../terminal/describe.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { readTarget } from '../terminal/target.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { life } from './life.ts';
import { order } from './order.ts';

const OPTIONS = {
  ...COMMON,
  ...TARGET,
  real: { type: 'boolean' },
  family: { type: 'string' },
  charging: { type: 'string' },
  param: { type: 'string', multiple: true },
  without: { type: 'string', multiple: true },
} as const;

/** Builds, signs and sends one call of any family, and says what the answer is worth. */
export async function simulate(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args[0] === 'life') return life(args.slice(1), terminal);
  if (args[0] === 'order') return order(args.slice(1), terminal);
  const { values, positionals } = readArguments(args, OPTIONS);
  const { say } = terminal;
  const [activity] = positionals;
  if (values.help || activity === undefined) {
    terminal.out(say('help.simulate'));
    return values.help ? EXIT.good : EXIT.usage;
  }
  const family = chooseFamily(activity, values.family);
  const target = readTarget(values, terminal.env);
  const exchange = await converse(target, family, activity, {
    subject: presets(family, values.real !== true, readChoice('--charging', values.charging, CHARGING)),
    members: {
      ...readParameters(values.param),
      ...Object.fromEntries((values.without ?? []).map((name) => [name, undefined])),
    },
  });
  if (values.json) {
    terminal.out(JSON.stringify(exchangeJson(say, exchange), null, 2));
  } else {
    for (const line of describeExchange(terminal, exchange)) terminal.out(line);
    terminal.out('');
    const { passed, checks } = exchange.judgement;
    terminal.out(terminal.paint(passed ? 'green' : 'red', say(passed ? 'call.good' : 'call.bad')));
    terminal.out(say('call.console', { text: say(consoleSays(checks)) }));
  }
  return exchange.judgement.passed ? EXIT.good : EXIT.found;
}

function chooseFamily(activity: string, asked: string | undefined): Family {
  const name = readChoice<FamilyName>(
    '--family',
    asked,
    FAMILIES.map((family) => family.name),
  );
  const family = familyOf(activity, name);
  if (family !== undefined) return family;
  if (name === undefined)
    throw new Problem('problem.activity', { given: activity, choices: activityNames().join(', ') });
  const choices = Object.keys(familyNamed(name).activities).join(', ');
  throw new Problem('problem.activity-family', { family: name, given: activity, choices });
}
