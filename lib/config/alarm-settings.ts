import * as v from 'valibot';

/*
 * Settings of the alarms of a stage. They are checked here and not with the rest of the settings: functions that do
 * without alarms leave this file out of their bundles.
 */

/** Severities, the worst first. `critical`: orders are being lost, or a product comes near to being delisted. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;

/** Severity of a rule or an event. */
export type Severity = (typeof SEVERITIES)[number];

/** Kinds of robots in chats. `lark` is Feishu outside of China. */
export const ROBOT_KINDS = ['wecom', 'dingtalk', 'feishu', 'lark', 'slack'] as const;

/** A kind of robot. */
export type RobotKind = (typeof ROBOT_KINDS)[number];

/** Settings of the alarms of a stage. */
export interface AlarmSettings {
  /** Robots that hear of alarms, by name, each with its kind; their addresses are secrets (`receivers.<name>`). */
  readonly robots?: Readonly<Record<string, RobotKind>>;
  /** Least severity that a receiver hears of, by the receiver's name. Default `info`, which is everything. */
  readonly severities?: Readonly<Record<string, Severity>>;
  /** Hour in Beijing, 0 to 23, after which the daily digest is sent to all who hear of `info`. Default: no digest. */
  readonly digest?: number;
}

/** Members of a stage that say who hears of its alarms. */
export interface Heard {
  readonly name: string;
  readonly receivers: readonly string[];
  readonly webhooks: readonly string[];
  readonly alarms: AlarmSettings;
}

/** Checks who hears of a stage's alarms. @returns sentences that say what to set */
export function alarmProblems({ name: stage, receivers, webhooks, alarms }: Heard): readonly string[] {
  const checked = v.safeParse(schema(), alarms, { abortEarly: true });
  if (!checked.success) {
    const path = String(v.getDotPath(checked.issues[0]));
    return [`stages.${stage}.alarms.${path}: expected ${expectedAt(path)}.`];
  }
  const robots = Object.keys(alarms.robots ?? {});
  const all = [...receivers, ...webhooks, ...robots];
  const twice = all.find((one, index) => all.indexOf(one) !== index);
  const unknown = Object.keys(alarms.severities ?? {}).find((one) => !all.includes(one));
  return [
    ...(twice === undefined
      ? []
      : [
          `Stage "${stage}" names "${twice}" twice in receivers, webhooks and alarms.robots, and a receiver has one ` +
            'address: take it out of one of them.',
        ]),
    ...(unknown === undefined
      ? []
      : [
          `stages.${stage}.alarms.severities names "${unknown}", but those who hear are ${all.join(', ') || 'nobody'}: ` +
            'name one of them, or take it out.',
        ]),
  ];
}

/** Made when it is needed: functions without alarms leave it out of their bundles. */
function schema() {
  const name = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/));
  return v.strictObject({
    robots: v.exactOptional(v.record(name, v.picklist(ROBOT_KINDS))),
    severities: v.exactOptional(v.record(name, v.picklist(SEVERITIES))),
    digest: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23))),
  });
}

function expectedAt(path: string): string {
  const [member = ''] = path.split('.');
  const named = 'names of lower-case letters, digits and hyphens, each with';
  const expectations: Readonly<Record<string, string>> = {
    robots: `${named} one of ${ROBOT_KINDS.join(', ')}`,
    severities: `${named} one of ${SEVERITIES.join(', ')}`,
    digest: 'an hour in Beijing, a whole number from 0 to 23',
  };
  return expectations[member] ?? 'robots, severities or digest';
}

/** Least severity that a receiver of a stage hears of. */
export function severityOf({ severities = {} }: AlarmSettings, receiver: string): Severity {
  return (Object.hasOwn(severities, receiver) ? severities[receiver] : undefined) ?? 'info';
}

/** Says whether somebody who hears of everything from a severity on hears of this. */
export function isHeard(severity: Severity, from: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(from);
}
