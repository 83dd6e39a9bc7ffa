import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { UsageDependencies } from '../lib/usage/dependencies.ts';
import { groupsOf } from '../lib/usage/side-by-side.ts';
import { keepRefused, type ReportedUsage, reportUsage } from '../lib/usage/store.ts';
import { sweepUsage, type UsageSwept } from '../lib/usage/sweep.ts';

/** Milliseconds kept for leaving the function in order. */
const LEAVING_MS = 3_000;
/** Reports of one invocation. */
const MOST_REPORTS = 1_000;
/** Reports that are stored at a time. */
const PARALLEL = 10;

/** Messages of the queue, one report each; reports of an invocation; or the schedule's tick, which anybody may give. */
export type MeterEvent = SQSEvent | { readonly reports: readonly unknown[] } | { readonly source?: string };

/** Outcome of one report; in the order of the reports. */
export type ReportAnswer =
  | { readonly outcome: 'stored' | 'known'; readonly meteringSn: string }
  | { readonly outcome: 'refused'; readonly code: string; readonly reason: string; readonly later: boolean };

export type MeterAnswer = SQSBatchResponse | { readonly results: readonly ReportAnswer[] } | UsageSwept;

/**
 * Takes reports of usage and pushes them to the marketplace. A message of the queue that may be taken later is handed
 * back; one that never will be is kept as a rejected record, rings once, and does not come again.
 */
export function createMeter(deps: UsageDependencies) {
  return async (event: MeterEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<MeterAnswer> => {
    const isOpen = (await deps.isOpen?.()) !== false;
    if ('Records' in event) return isOpen ? takeMessages(deps, event) : handedBack(event);
    if ('reports' in event) {
      if (!isOpen) throw new Error('The table is closed while it is moved; nothing was stored. Report again later.');
      return { results: await takeReports(deps, event.reports) };
    }
    return sweepUsage(deps, () => (isOpen ? context.getRemainingTimeInMillis() - LEAVING_MS : 0));
  };
}

function handedBack({ Records }: SQSEvent): SQSBatchResponse {
  return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function takeMessages(deps: UsageDependencies, { Records }: SQSEvent): Promise<SQSBatchResponse> {
  const refused = await inTurn(
    Records,
    ({ body }) => parse(body),
    async ({ messageId, body }) => {
      try {
        const report = parse(body);
        const answer = logged(deps, await reportUsage(deps, report));
        if (answer.outcome !== 'refused') return [];
        if (answer.later) return [{ itemIdentifier: messageId }];
        const isKept = await keepRefused(deps, report, answer);
        if (!isKept) deps.log.warn('A usage report that was refused has no place in the table.', { messageId, body });
        return [];
      } catch (error) {
        deps.log.error('The table failed while a usage report was stored.', error, { messageId });
        return [{ itemIdentifier: messageId }];
      }
    },
  );
  return { batchItemFailures: refused.flat() };
}

async function takeReports(deps: UsageDependencies, reports: readonly unknown[]): Promise<readonly ReportAnswer[]> {
  if (!Array.isArray(reports) || reports.length > MOST_REPORTS) {
    throw new Error(`reports is a list of at most ${MOST_REPORTS}; nothing of it was stored.`);
  }
  return inTurn(
    reports,
    (report) => report,
    async (report) => {
      const answer = logged(deps, await reportUsage(deps, report));
      if (answer.outcome === 'refused') return answer;
      return { outcome: answer.outcome, meteringSn: answer.record.meteringSn };
    },
  );
}

function logged({ log }: UsageDependencies, answer: ReportedUsage): ReportedUsage {
  if (answer.outcome !== 'refused') return answer;
  const { code, reason, later } = answer;
  log.warn('A usage report was refused.', { code, reason, later });
  if (!later) log.metric('RefusedUsage', 1);
  return answer;
}

/**
 * Gives each one's result, in order; a few run concurrently, and those of one instance one after the other, since each
 * is compared with what has been stored.
 */
async function inTurn<In, Out>(
  all: readonly In[],
  reportOf: (one: In) => unknown,
  work: (one: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results = new Map<number, Out>();
  const waiting = groupsOf(all.entries(), ([, one]) => instanceOf(reportOf(one))).values();
  const worker = async () => {
    for (const group of { [Symbol.iterator]: () => waiting }) {
      for (const [index, one] of group) results.set(index, await work(one));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

function instanceOf(report: unknown): string {
  const { product, instanceId } = Object(report) as { readonly product?: unknown; readonly instanceId?: unknown };
  return JSON.stringify([product, instanceId]);
}

/** Parses JSON; what is not JSON is no report either, and is refused as one. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
