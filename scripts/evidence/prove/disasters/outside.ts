import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../../dev/local/settings.ts';

/*
 * Watchers from outside, as far as a disaster needs them: the alarms of deploy/aws/alarms.yml over the metrics that AWS
 * and the metric filter would have, and whoever misses a heartbeat.
 */

/** Metrics that the world feeds: names of deploy/aws/alarms.yml. */
export type OutsideMetric =
  | 'CallsWithoutKeys'
  | '5xx'
  | '4xx'
  | 'Latency'
  | 'Throttles'
  | 'OldestDueAge'
  | 'WriteThrottleEvents';

interface Metric {
  readonly MetricName: string;
}

interface Alarm extends Metric {
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: 'LessThanThreshold' | 'GreaterThanOrEqualToThreshold';
  readonly TreatMissingData: 'breaching' | 'notBreaching';
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: { readonly Stat: string; readonly Period: number; readonly Metric: Metric };
  }[];
}

interface Point {
  readonly name: string;
  readonly at: number;
  readonly value: number;
}

/** Milliseconds without a call after which whoever waits for a heartbeat rings. */
const HEARTBEAT_MS = 5 * 60_000;

/** Outside alarms over one run. */
export class Outside {
  readonly #alarms: Readonly<Record<string, Alarm>>;
  readonly #points: Point[] = [];
  readonly #from: number;
  #beatAt: number;

  /** @param now Unix milliseconds */
  constructor(now: number) {
    const text = readFileSync(join(ROOT, 'deploy/aws/alarms.yml'), 'utf8');
    const { Resources } = parse(text, { merge: true, logLevel: 'error' }) as {
      Resources: Record<string, { Type: string; Properties: Alarm }>;
    };
    const alarms = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
    this.#alarms = Object.fromEntries(alarms.map(([name, { Properties }]) => [name.replace(/Alarm$/, ''), Properties]));
    this.#from = now;
    this.#beatAt = now;
  }

  add(name: OutsideMetric, at: number, value: number): void {
    this.#points.push({ name, at, value });
  }

  beat(at: number): void {
    this.#beatAt = at;
  }

  /** Names of what rings at the end of a minute. */
  ringing(now: number): readonly string[] {
    const alarms = Object.entries(this.#alarms).filter(([, alarm]) => this.#rings(alarm, now));
    return [...alarms.map(([name]) => name), ...(now - this.#beatAt >= HEARTBEAT_MS ? ['Heartbeat'] : [])];
  }

  #rings(alarm: Alarm, now: number): boolean {
    const periodMs = (alarm.Metrics === undefined ? alarm.Period : 300) * 1_000;
    const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods } = alarm;
    if (now - this.#from < periods * periodMs) return false;
    const breaching = Array.from({ length: periods }, (_, back) => {
      const value = this.#valueOf(alarm, now - (back + 1) * periodMs, now - back * periodMs);
      if (value === undefined) return alarm.TreatMissingData === 'breaching';
      return alarm.ComparisonOperator === 'LessThanThreshold' ? value < alarm.Threshold : value >= alarm.Threshold;
    });
    return breaching.filter(Boolean).length >= needed;
  }

  #valueOf(alarm: Alarm, from: number, until: number): number | undefined {
    const { Metrics, Statistic, ExtendedStatistic } = alarm;
    if (Metrics === undefined) return this.#stat(alarm.MetricName, Statistic ?? ExtendedStatistic ?? '', from, until);
    const values = new Map<string, number | undefined>();
    for (const { Id, MetricStat } of Metrics) {
      if (MetricStat !== undefined)
        values.set(Id, this.#stat(MetricStat.Metric.MetricName, MetricStat.Stat, from, until));
    }
    const expression = Metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? '';
    const [, added = '', taken = ''] = /^FILL\((\w+), 0\) - FILL\((\w+), 0\)$/.exec(expression) ?? [];
    if (added !== '') return (values.get(added) ?? 0) - (values.get(taken) ?? 0);
    if (expression !== 'SUM(METRICS())') throw new Error(`The expression ${expression} is not known here.`);
    return [...values.values()].reduce<number>((sum, value) => sum + (value ?? 0), 0);
  }

  #stat(name: string, stat: string, from: number, until: number): number | undefined {
    const points = this.#points.filter((point) => point.name === name && point.at > from && point.at <= until);
    const values = points.map(({ value }) => value);
    if (values.length === 0) return undefined;
    if (stat === 'SampleCount') return values.length;
    return stat === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  }
}
