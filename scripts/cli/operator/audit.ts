import { verifyTable } from '../../../lib/operations/verify-audit.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { keysAt } from './acting.ts';
import { scanProgress } from './find.ts';
import { PLACE, readPlace, withTableOf } from './place.ts';

/** Verifies all histories, and the root of an earlier moment. @returns 1 if one is broken */
export async function audit(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, {
    ...PLACE,
    until: { type: 'string' },
    root: { type: 'string' },
  });
  if (values.help) {
    out(say('help.audit'));
    return EXIT.good;
  }
  if (positionals.join(' ') !== 'verify') throw new Problem('problem.audit-needed', { given: positionals.join(' ') });
  const until = values.until === undefined ? terminal.clock() : Date.parse(values.until);
  if (Number.isNaN(until)) throw new Problem('problem.until', { given: values.until ?? '' });
  if (values.root !== undefined && values.until === undefined) throw new Problem('problem.root-until');
  const at = await readPlace(values, terminal);
  const keys = await keysAt(at);
  if (keys === undefined) throw new Problem('problem.no-audit-key', {}, EXIT.found);
  return withTableOf(at, async ({ table, place }) => {
    const verified = await verifyTable(table, keys.audit, { until, progress: scanProgress(terminal) });
    const { items, counted, uncounted, outside, findings, root } = verified;
    const isRoot = values.root === undefined || values.root === root;
    const time = new Date(until).toISOString();
    if (values.json) out(JSON.stringify({ place, until: time, isSameRoot: isRoot, ...verified }, null, 2));
    else {
      out(say('audit.counted', { place, items, counted, uncounted, outside }));
      for (const { kind, item, n } of findings) out(say(`audit.${kind}`, { pk: item.pk, sk: item.sk, n }));
      out(say('audit.root', { until: time, root }));
      if (!isRoot) out(say('audit.other-root', { given: values.root ?? '' }));
      out(say(findings.length === 0 && isRoot ? 'audit.whole' : 'audit.broken'));
    }
    return findings.length === 0 && isRoot ? EXIT.good : EXIT.found;
  });
}
