import type { Report, SavedCase } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { announce, refresh } from './element.ts';
import { ask } from './server.ts';
import { state } from './state.ts';
import { say } from './words.ts';

/** Functions of the view of the cases: the dial test. */

/** So many results of a case are kept on the page. */
const KEPT = 20;

/** Ends the pause between two runs. */
let wake: () => void = () => {};

/** Sends every saved case, one after the other; in a loop until it is stopped. */
export async function dialTest(loop: boolean): Promise<void> {
  const { dial } = state;
  if (dial.running || state.cases.length === 0) return;
  Object.assign(dial, { running: true, loop });
  do {
    await oneRound();
    if (dial.loop) await pause();
  } while (dial.loop);
  dial.running = false;
  refresh('dial', 'cases');
}

async function oneRound(): Promise<void> {
  const { dial, cases } = state;
  Object.assign(dial, { round: dial.round + 1, done: 0, failed: 0, total: cases.length });
  for (const one of cases) {
    refresh('dial');
    const report = await runCase(one);
    if (report === undefined) return stopDial(); // nobody answers, or the case is gone: the reason stands at the top
    dial.done += 1;
    if (!report.passed) dial.failed += 1;
    refresh('cases');
  }
  announce(dialResult());
  refresh('dial');
}

/** Sums up the newest run in a sentence. */
export function dialResult(): string {
  const { failed, total } = state.dial;
  return failed === 0 ? say('page.cases.green', { total }) : say('page.cases.red', { failed, total });
}

/** Sends one saved case, signed now. */
export async function runCase({ id }: SavedCase): Promise<Report | undefined> {
  let report: Report | undefined;
  await attempt(async () => {
    report = await ask<Report>('/api/cases/run', { id });
    state.results[id] = [...(state.results[id] ?? []), report].slice(-KEPT);
  });
  return report;
}

/** After the case under way, or at once between two runs. */
export function stopDial(): void {
  state.dial.loop = false;
  wake();
}

async function pause(): Promise<void> {
  refresh('dial');
  await new Promise<void>((resolve) => {
    wake = resolve;
    setTimeout(resolve, state.dial.pause * 1_000);
  });
}

export async function loadCases(): Promise<void> {
  await attempt(async () => {
    state.cases = await ask<SavedCase[]>('/api/cases');
  });
}

export async function removeCase({ id }: SavedCase): Promise<void> {
  await attempt(async () => {
    state.cases = await ask<SavedCase[]>('/api/cases/remove', { id });
    delete state.results[id];
  });
  refresh('cases', 'dial', 'nav');
}
