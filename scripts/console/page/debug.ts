import type { Draft, Preset, Report, SavedCase, SignedRequest } from '../shapes.ts';
import { attempt } from './attempt.ts';
import { announce, refresh } from './element.ts';
import { ask, Refusal } from './server.ts';
import { type Row, state } from './state.ts';
import { say } from './words.ts';

/** Functions of the debugging view. */

/** Tells what the seller console would make of an answer; it makes debugging calls alone. */
export function whatItMeans({ test, passed, console: sentence }: Report): string {
  if (test) return say('call.console', { text: say(sentence) });
  return say(passed ? 'page.answer.real' : 'page.answer.real-bad');
}

/**
 * Picks another product, interface or mode; the presets follow. Values typed before are kept where the interface
 * remains the same one.
 */
export async function pick(change: Partial<Draft>): Promise<void> {
  const typed =
    change.test === undefined && change.charging === undefined
      ? []
      : state.rows.filter(({ name }) => name !== 'testFlag');
  const draft = fitting({ ...state.draft, ...change }, change);
  state.draft = draft;
  forget();
  await attempt(async () => {
    const known = draft.test ? undefined : state.lastInstance[draft.product];
    const preset = await ask<Preset>('/api/preset', { ...draft, ...(known !== undefined && { instanceId: known }) });
    if (draft === state.draft) state.rows = keepTyped(rowsOf(preset), typed); // else another was picked meanwhile
  });
  refresh('form', 'request', 'answer');
}

/** Puts every preset back, and the product's own address. */
export async function reset(): Promise<void> {
  const own = state.setup.products.find(({ name }) => name === state.draft.product)?.at;
  await pick(own === undefined ? {} : { at: own });
}

/** Shows a saved case as it will be sent. */
export async function open({ id: _, savedAt: __, members, ...draft }: SavedCase): Promise<void> {
  state.draft = draft;
  forget();
  state.rows = rowsOf({ members, mandatory: [] }).map(({ preset: _preset, ...row }) => row);
  refresh('form', 'request', 'answer');
}

/** Discards what was signed or answered before: it belongs to another form. */
export function forget(): void {
  state.signed = undefined;
  state.sent = undefined;
  state.report = undefined;
}

export async function sign(): Promise<void> {
  await attempt(async () => {
    state.signed = await ask<SignedRequest>('/api/sign', form());
    state.sent = undefined;
  });
  refresh('request');
}

/** Sends the request on show if it still holds, else one signed now. */
export async function send(): Promise<void> {
  if (state.sending) return;
  state.sending = true;
  state.report = undefined;
  refresh('actions', 'answer');
  await attempt(async () => {
    const holds = state.signed !== undefined && state.signed.holdsUntil > Date.now();
    const report = await ask<Report>('/api/send', { form: form(), ...(holds && { signed: state.signed?.id }) });
    state.report = report;
    state.signed = undefined;
    state.sent = { request: report.request, at: report.sentAt };
    announce(`${say(report.passed ? 'page.answer.good' : 'page.answer.bad')}. ${whatItMeans(report)}`);
    if (report.instanceId !== undefined && !state.draft.test)
      state.lastInstance[state.draft.product] = report.instanceId;
  });
  state.sending = false;
  refresh('actions', 'request', 'answer');
}

export async function save(): Promise<void> {
  const { report } = state;
  if (report === undefined) return;
  await attempt(async () => {
    const saved = await ask<SavedCase>('/api/cases/add', { id: report.id });
    state.cases = [...state.cases, saved];
    state.results[saved.id] = [report];
    state.savedReport = report.id;
    announce(say('page.saved'));
  });
  refresh('answer', 'nav');
}

function form(): object {
  return { ...state.draft, members: Object.fromEntries(state.rows.filter(({ send }) => send).map(readRow)) };
}

/** @throws Refusal if a value is not the JSON that it says it is */
function readRow({ name, value, form: kind }: Row): [string, unknown] {
  if (kind === 'text') return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    throw new Refusal({ id: 'page.parameter.bad-json', values: { name } });
  }
}

function rowsOf({ members, mandatory }: Preset): Row[] {
  return Object.entries(members).map(([name, content]) => {
    const value = typeof content === 'string' ? content : JSON.stringify(content);
    const form = typeof content === 'string' ? 'text' : 'json';
    return { name, value, form, send: true, mandatory: mandatory.includes(name), preset: value };
  });
}

/** New presets with what was typed over the old ones, what was left out and what was added. */
function keepTyped(presets: readonly Row[], before: readonly Row[]): Row[] {
  const kept = presets.map((row) => {
    const old = before.find(({ name }) => name === row.name);
    if (old === undefined) return row;
    const { value, form } = old.value === old.preset ? row : old;
    return { ...row, value, form, send: old.send };
  });
  const added = before.filter(({ name, preset }) => preset === undefined && !presets.some((row) => row.name === name));
  return [...kept, ...added];
}

/** Whatever does not exist under the new choice becomes the first that does. */
function fitting(draft: Draft, change: Partial<Draft>): Draft {
  const product = state.setup.products.find(({ name }) => name === draft.product) ?? state.setup.products[0];
  const families = product?.families ?? [];
  const family = families.includes(draft.family) ? draft.family : (families[0] ?? draft.family);
  const activities = state.setup.families.find(({ name }) => name === family)?.activities ?? [];
  const activity = activities.includes(draft.activity) ? draft.activity : (activities[0] ?? '');
  const at = change.product === undefined ? draft.at : (product?.at ?? '');
  return { ...draft, product: product?.name ?? '', family, activity, at };
}
