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

/** Metrics that alarms watch; see the alarms in serverless.yml. */
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
  | 'FailedUsagePush'
  | 'LateUsage'
  | 'UsageNearLimit'
  | 'OldestDueUsage'
  | 'UnsettledRelease'
  | 'Drift'
  | 'ClockOffset';

const E_MAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
const PHONE = /(?<![\w-])\+?\d{11,15}(?![\w-])/g;
const ELEVEN_DIGITS = /\d{11}/;

/** Hides e-mail addresses, telephone numbers and the secrets given. */
export function mask(text: string, secrets: Iterable<string> = []): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, '***');
  return masked.replace(E_MAIL, '***@***').replace(PHONE, '***');
}

/** Whether a line may hold anything to hide: what `mask` looks for shows in the JSON as well. Most lines hold nothing. */
function isSuspect(line: string, secrets: Iterable<string>): boolean {
  if (line.includes('@') || ELEVEN_DIGITS.test(line)) return true;
  for (const secret of secrets) if (line.includes(JSON.stringify(secret).slice(1, -1))) return true;
  return false;
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
    const time = new Date(clock()).toISOString();
    const entry = { level, time, message, ...fields };
    const plain = JSON.stringify(entry);
    const hidden = (_: string, value: unknown) => (typeof value === 'string' ? mask(value, secrets) : value);
    write(isSuspect(plain, secrets) ? JSON.stringify(entry, hidden) : plain);
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
          ...fields,
          ...dimensions,
        }),
      ),
  };
}

function describe(error: unknown, mapStack: StackMapper): Fields {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack === undefined ? undefined : mapStack(error.stack),
    ...(error.cause === undefined ? {} : { cause: describe(error.cause, mapStack) }),
  };
}
