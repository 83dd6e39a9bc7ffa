import { type Overview, readOverview } from '../../../lib/operations/overview.ts';
import { readAside } from '../../../lib/operations/status.ts';
import type { Say } from '../messages/index.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { scanProgress } from './find.ts';
import { overviewText } from './overview-text.ts';
import { PLACE, readPlace, withTableOf } from './place.ts';
import { asTable, shortTime } from './usage/table-text.ts';

/** Shows how near trouble is: what waits and fails, delisting figures, calls, keys; with `--all` also what was set aside. @returns 1 if something fails */
export async function status(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, { ...PLACE, all: { type: 'boolean' } });
  if (values.help) {
    out(say('help.status'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const at = await readPlace(values, terminal);
  return withTableOf(at, async ({ table, place }) => {
    const { products } = at.config;
    const found = await readOverview(table, products, terminal.clock());
    const aside = values.all ? await readAside(table, products, scanProgress(terminal)) : undefined;
    if (values.json) out(JSON.stringify({ place, ...found, ...(aside && { aside }) }, null, 2));
    else {
      const parts = [say('status.place', { place }), textOf(found, say), overviewText(found, say, terminal.locale)];
      out([...parts, ...(aside ? [asideText(aside, say)] : [])].join('\n\n'));
    }
    const isTrouble = found.failing.length > 0 || aside?.some((one) => one.setAside + one.failedPurchases > 0) === true;
    return isTrouble ? EXIT.found : EXIT.good;
  });
}

function textOf({ products, failing, usage }: Overview, say: Say): string {
  const heads = (names: readonly string[]) => names.map((name) => say(`status.head.${name}`));
  const waiting = asTable(
    heads(['product', 'waiting', 'failing', 'oldest']),
    products.map((one) => [one.product, String(one.waiting), String(one.failing), shortTime(one.oldest)]),
  );
  const fails = asTable(
    heads(['product', 'id', 'kind', 'attempts', 'next', 'closes', 'reason']),
    failing.map(({ product, id, kind, attempts, nextAt, closesAt, reason }) => [
      ...[product, id, say(`change.${kind}`), String(attempts), shortTime(nextAt), shortTime(closesAt), reason],
    ]),
  );
  return [
    waiting,
    ...(failing.length === 0 ? [say('status.none-fails')] : [say('status.fails'), fails]),
    usage.records === 0
      ? say('status.no-usage')
      : say('status.usage', { records: usage.records, deadline: shortTime(usage.deadline) || '–' }),
  ].join('\n\n');
}

function asideText(aside: Awaited<ReturnType<typeof readAside>>, say: Say): string {
  return asTable(
    ['product', 'aside', 'failed-purchases'].map((name) => say(`status.head.${name}`)),
    aside.map(({ product, setAside, failedPurchases }) => [product, String(setAside), String(failedPurchases)]),
  );
}
