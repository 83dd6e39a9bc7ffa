import type { ActionEntry, AuditEntry } from '../../../lib/instances/audit.ts';
import type { InstanceItem } from '../../../lib/instances/item.ts';
import { waitingIn } from '../../../lib/instances/queue.ts';
import { type HistoryEntry, readHistory, timeOf, verifyHistory } from '../../../lib/operations/verify-audit.ts';
import type { Say } from '../messages/index.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { keysAt } from './acting.ts';
import { SOUGHT, seekOne, summaryOf } from './find.ts';
import { PLACE, readPlace, withTableOf } from './place.ts';
import { asTable, shortTime } from './usage/table-text.ts';

/** Verdict on a history: `unknown` without the key. */
export type ChainVerdict = 'valid' | 'broken' | 'unknown';

/** All that is shown of an instance: nothing sealed, no note in an operator's words. */
export interface Shown {
  readonly summary: ReturnType<typeof summaryOf>;
  readonly waiting: readonly Record<string, unknown>[];
  readonly setAside: readonly Record<string, unknown>[];
  readonly history: readonly Record<string, unknown>[];
  readonly chain: ChainVerdict;
}

/** Shows one instance: its state, what waits, what was set aside, and its history. */
export async function show(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, { ...PLACE, ...SOUGHT });
  if (values.help) {
    out(say('help.show'));
    return EXIT.good;
  }
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new Problem('problem.show-needed');
  const at = await readPlace(values, terminal);
  return withTableOf(at, async ({ table, place }) => {
    const item = await seekOne(at, table, { ...values, id }, terminal);
    const shown = shownOf(item, await readHistory(table, item), (await keysAt(at))?.audit);
    if (values.json) out(JSON.stringify({ place, ...shown }, null, 2));
    else out(textOf(shown, say));
    return EXIT.good;
  });
}

/** Picks what is shown of an instance and its history. @param key of the chain, if it is known */
export function shownOf(item: InstanceItem, entries: readonly HistoryEntry[], key: string | undefined): Shown {
  const verified = key === undefined ? undefined : verifyHistory(key, item, entries);
  const uncounted = new Set(verified?.uncounted);
  const history = entries.filter((entry) => !uncounted.has(entry)).toSorted((a, b) => timeOf(a) - timeOf(b));
  return {
    summary: summaryOf(item),
    waiting: waitingIn(item).map((change) => withoutSealed(change)),
    setAside: Object.values(item.failed).map((change) => withoutSealed(change)),
    history: history.map((entry) => withoutSealed(entry)),
    chain: verified === undefined ? 'unknown' : verified.findings.length === 0 ? 'valid' : 'broken',
  };
}

const HIDDEN: ReadonlySet<string> = new Set([
  'told',
  'note',
  'noteHash',
  'reasonHash',
  'mac',
  'prev',
  'of',
  'pk',
  'sk',
  'type',
]);

function withoutSealed(change: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(change).filter(([name]) => !HIDDEN.has(name)));
}

function textOf({ summary, waiting, setAside, history, chain }: Shown, say: Say): string {
  const { product, instanceId, orderId, orderLineId, state, wanted, createdAt, expiresAt, lastError } = summary;
  const facts = [
    [say('find.head.product'), product],
    [say('find.head.instance'), instanceId],
    [say('find.head.order'), `${orderId} ${orderLineId}`.trim()],
    [say('find.head.state'), say(`state.${state}`)],
    [say('find.head.wanted'), say(`state.${wanted}`)],
    [say('find.head.bought'), shortTime(createdAt)],
    ...(expiresAt === undefined ? [] : [[say('find.head.expires'), shortTime(expiresAt)]]),
    ...(lastError === undefined ? [] : [[say('show.last-error'), lastError]]),
    [say('show.chain'), say(`show.chain.${chain}`)],
  ];
  const heads = (names: readonly string[]) => names.map((name) => say(`show.head.${name}`));
  const changes = (list: Shown['waiting'], last: string) =>
    asTable(
      heads(['kind', 'accepted', last, 'id']),
      list.map((one) => [
        say(`change.${String(one.kind)}`),
        shortTime(Number(one.acceptedAt)),
        String(one[last] ?? ''),
        String(one.id),
      ]),
    );
  return [
    facts.map(([name = '', value = '']) => say('show.fact', { name, value })).join('\n'),
    ...(waiting.length === 0 ? [] : [say('show.waiting'), changes(waiting, 'orderId')]),
    ...(setAside.length === 0 ? [] : [say('show.aside'), changes(setAside, 'reason')]),
    ...(history.length === 0
      ? []
      : [
          say('show.history'),
          asTable(
            heads(['at', 'kind', 'outcome', 'attempt', 'reason']),
            history.map((entry) => historyRow(entry as unknown as HistoryEntry, say)),
          ),
        ]),
  ].join('\n\n');
}

function historyRow(entry: HistoryEntry, say: Say): string[] {
  const at = shortTime(timeOf(entry));
  if ('action' in entry) {
    const { action, by, subject = '' } = entry as ActionEntry;
    return [at, action, say('show.by', { by }), '', subject];
  }
  const { kind, outcome, attempt, reason = '' } = entry as AuditEntry;
  return [at, say(`change.${kind}`), say(`outcome.${outcome}`), String(attempt), reason];
}
