import { maskedJson } from './mask.ts';
import type { StackMapper } from './source-maps.ts';

/** Fields of a log line. Never put a key, credential, signature or canonical string here: masking is the second line of defence. */
export type Fields = Readonly<Record<string, unknown>>;

/** Structured log and metrics of a function. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  /** A defect or a fault: the error's name, message and stack go into the line, masked. */
  error(message: string, error: unknown, fields?: Fields): void;
  /** One value of a metric in the namespace KooGate, in CloudWatch's embedded metric format. */
  metric(name: MetricName, value: number, unit?: 'Count' | 'Milliseconds' | 'Seconds', fields?: Fields): void;
}

/** Metrics for whoever draws curves; of the alarms one alone looks at one: no `OldestDueAge`, no sweep. */
export type MetricName =
  | 'RefusedSignature'
  | 'FailedDialTest'
  | 'InternalError'
  | 'FailedChange'
  | 'FailedAttempt'
  | 'FailedPurchase'
  | 'OverdueChange'
  | 'OldestDueAge'
  | 'FreezeBeforeExpiry'
  | 'RefusedUsage'
  | 'RejectedUsage'
  | 'HeldUsage'
  | 'UnadoptedUsage'
  | 'FaultyInstance'
  | 'FailedUsagePush'
  | 'LateUsage'
  | 'UsageNearLimit'
  | 'OldestDueUsage'
  | 'UnsettledRelease'
  | 'Drift'
  | 'ClockOffset';

/**
 * Writes a line to standard output as it is. On Lambda `console.log` would put something before it or, with the log format
 * JSON, wrap it, and CloudWatch would find neither metrics nor members in it.
 */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * @param write takes one line of JSON, without its line end.
 * @param secrets texts that must never be written; more may be added to the set later.
 * @param dimensions what metrics are told apart by, such as the installation's table.
 * @param mapStack leads the frames of a stack back to the source.
 */
export function createLog(
  write: (line: string) => void = console.log,
  secrets: ReadonlySet<string> = new Set(),
  clock: () => number = Date.now,
  dimensions: Readonly<Record<string, string>> = {},
  mapStack: StackMapper = (stack) => stack,
): Log {
  const line = (level: string, message: string, fields: Fields = {}): void => {
    const head = JSON.stringify({ level, time: new Date(clock()).toISOString() });
    write(`${head.slice(0, -1)},${maskedJson({ message, ...fields }, secrets).slice(1)}`);
  };
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, error, fields) => line('error', message, { ...fields, error: describe(error, mapStack) }),
    metric: (name, value, unit = 'Count', fields = {}) =>
      write(
        JSON.stringify({
          _aws: {
            Timestamp: clock(),
            CloudWatchMetrics: [
              { Namespace: 'KooGate', Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name, Unit: unit }] },
            ],
          },
          [name]: value,
          ...(JSON.parse(maskedJson(fields, secrets)) as Fields),
          ...dimensions,
        }),
      ),
  };
}

/** Causes of causes that are described: one may lead back to itself. */
const MAX_CAUSES = 5;

function describe(error: unknown, mapStack: StackMapper, causes = MAX_CAUSES): Fields {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack === undefined ? undefined : mapStack(error.stack),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: describe(error.cause, mapStack, causes - 1) }),
  };
}
