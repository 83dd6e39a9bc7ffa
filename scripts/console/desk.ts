import { randomUUID } from 'node:crypto';
import { consoleSays } from '../cli/checks/console-says.ts';
import { type Drafted, draftCall, type Exchange, judged } from '../cli/conversation.ts';
import { Problem } from '../cli/terminal/problem.ts';
import { activityOf, familyNamed } from '../marketplace/calls/families.ts';
import type { PreparedCall } from '../marketplace/calls/prepare.ts';
import { presets } from '../marketplace/calls/presets.ts';
import { sendCall } from '../marketplace/calls/send.ts';
import type { CallForm, Draft, Preset, Report, SignedRequest, WireRequest, WireResponse } from './shapes.ts';
import { targetOf } from './target.ts';

/** Made at the moment of signing, unless given: the marketplace never sends an old one. */
const STAMPS = ['timeStamp'];

/** A signature holds for 60 seconds; with the last ones a request might arrive too late. */
const HOLDS_MS = 50_000;

/** Signed requests that wait to be sent, and exchanges that may be saved; the oldest are forgotten. */
const REMEMBERED = 100;

/** Drafts, signs and sends calls for the page. */
export interface Desk {
  preset(draft: Draft, instanceId?: string): Preset;
  sign(form: CallForm): SignedRequest;
  /** Sends a request that was signed before, or one signed now. @throws Problem if the request no longer holds */
  send(form: CallForm, signed?: string): Promise<Report>;
  /** The form of a passed exchange. @throws Problem if it did not pass or is forgotten */
  passedForm(exchange: string): CallForm;
}

/** @param secrets the file with the access keys */
export function createDesk(
  secrets: string,
  clock: () => number,
  onExchange: (form: CallForm, report: Report) => void,
): Desk {
  const waiting = new Map<string, { readonly drafted: Drafted; readonly holdsUntil: number }>();
  const passed = new Map<string, CallForm>();

  return {
    preset(draft, instanceId) {
      const family = familyNamed(draft.family);
      const { members } = draftCall(targetOf(secrets, draft.product, draft.at), family, draft.activity, {
        subject: { ...presets(family, draft.test, draft.charging), ...(instanceId !== undefined && { instanceId }) },
      });
      const shown = Object.entries(members).filter(([name]) => !STAMPS.includes(name));
      return { members: Object.fromEntries(shown), mandatory: activityOf(family, draft.activity).mandatory };
    },

    sign(form) {
      const drafted = draft(secrets, form);
      const id = randomUUID();
      const holdsUntil = clock() + HOLDS_MS;
      remember(waiting, id, { drafted, holdsUntil });
      return { id, holdsUntil, ...wireRequest(drafted.call) };
    },

    async send(form, signed) {
      const drafted = signed === undefined ? draft(secrets, form) : taken(waiting, signed, clock());
      const target = targetOf(secrets, form.product, form.at);
      const sentAt = clock();
      const outcome = await sendCall(drafted.call);
      const exchange = judged(target, familyNamed(form.family), form.activity, drafted, outcome);
      const report = reportOf(exchange, drafted, form.test, sentAt);
      if (report.passed) remember(passed, report.id, form);
      onExchange(form, report);
      return report;
    },

    passedForm(exchange) {
      const form = passed.get(exchange);
      if (form === undefined) throw new Problem('page.problem.not-passed');
      return form;
    },
  };
}

/** Signs a form: its members as they are, none of the preset's beside them but the stamps. */
function draft(secrets: string, form: CallForm): Drafted {
  const target = targetOf(secrets, form.product, form.at);
  const family = familyNamed(form.family);
  const subject = presets(family, form.test, form.charging);
  const names = Object.keys(draftCall(target, family, form.activity, { subject, members: form.members }).members);
  const absent = names.filter((name) => !Object.hasOwn(form.members, name) && !STAMPS.includes(name));
  const members = { ...Object.fromEntries(absent.map((name) => [name, undefined])), ...form.members };
  return draftCall(target, family, form.activity, { subject, members });
}

function taken(
  waiting: Map<string, { readonly drafted: Drafted; readonly holdsUntil: number }>,
  id: string,
  now: number,
): Drafted {
  const found = waiting.get(id);
  waiting.delete(id);
  if (found === undefined || found.holdsUntil < now) throw new Problem('page.problem.stale');
  return found.drafted;
}

function remember<Value>(memory: Map<string, Value>, id: string, value: Value): void {
  memory.set(id, value);
  const [oldest] = memory.keys();
  if (memory.size > REMEMBERED && oldest !== undefined) memory.delete(oldest);
}

function wireRequest({ method, url, headers, body }: PreparedCall): WireRequest {
  return { method, url, headers, ...(body && { body: body.toString('utf8') }) };
}

function reportOf({ call, outcome, judgement }: Exchange, { members }: Drafted, test: boolean, sentAt: number): Report {
  const { checks, opened, passed } = judgement;
  const instanceId = judgement.members?.instanceId ?? members.instanceId;
  const response: WireResponse =
    outcome.kind === 'failure' ? outcome : { ...outcome, body: outcome.body.toString('utf8') };
  return {
    id: randomUUID(),
    test,
    sentAt,
    passed,
    console: consoleSays(checks),
    request: wireRequest(call),
    response,
    checks,
    credentials: opened,
    ...(passed && typeof instanceId === 'string' && { instanceId }),
  };
}
