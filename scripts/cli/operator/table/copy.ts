import { setTimeout as sleep } from 'node:timers/promises';
import { ClosingChanged } from '../../../../lib/instances/closing.ts';
import { COMMON, readArguments } from '../../terminal/arguments.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { type CopyOptions, CopyRefused, type CopyStep, copyTable } from '../table-copy/copy.ts';
import { tableAt } from './reach.ts';

const OPTIONS = { ...COMMON, from: { type: 'string' }, to: { type: 'string' } } as const;

/** Copies a closed table to another engine; run again, it goes on where it was. */
export async function copy(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (positionals[0] !== undefined) throw new Problem('problem.word', { given: positionals[0] });
  if (values.from === undefined || values.to === undefined) throw new Problem('problem.copy-which');
  const { say, out, clock } = terminal;
  const from = await tableAt(values.from, terminal);
  try {
    const to = await tableAt(values.to, terminal);
    const places = { from: from.place, to: to.place };
    try {
      const copied = await copyNamed(
        { from: from.table, to: to.table, clock, sleep, progress: teller(terminal) },
        places,
      );
      if (values.json) out(JSON.stringify({ ...places, ...copied }, null, 2));
      else out(say('table.copied', { ...places, ...copied }));
      return EXIT.good;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function copyNamed(options: CopyOptions, places: { readonly from: string; readonly to: string }) {
  try {
    return await copyTable(options);
  } catch (error) {
    if (error instanceof CopyRefused) throw new Problem(`problem.copy-${error.why}`, places, EXIT.found);
    if (error instanceof ClosingChanged) throw new Problem('problem.closing-changed', { place: places.to }, EXIT.found);
    throw error;
  }
}

/** Says on standard error how far a copy has come: how many items there are in all nobody knows before the end. */
function teller({ say, note }: Terminal): (step: CopyStep) => void {
  let told = 0;
  return (step) => {
    if (step.kind === 'waits') note(say('table.copy-waits', { seconds: Math.ceil(step.waitMs / 1_000) }));
    else if (step.kind === 'differed') note(say('table.copy-differed', { items: step.items }));
    else if (step.items < told || step.items >= told + 1_000 || told === 0) {
      told = step.items;
      note(say(`table.copy-${step.kind}`, { items: step.items }));
    }
  };
}
