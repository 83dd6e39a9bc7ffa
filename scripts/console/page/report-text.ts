import { maskBody, maskUrl } from '../../cli/report/mask.ts';
import { causeText, checkText } from '../../cli/terminal/describe.ts';
import type { Report, WireResponse } from '../shapes.ts';
import { say } from './words.ts';

/** A call and what came of it. */
export interface Reported {
  readonly product: string;
  readonly activity: string;
  readonly report: Report;
}

/** Calls as a file to pass on: in the page's language, login data and personal values masked. */
export function reportText(reported: readonly Reported[]): string {
  return `${JSON.stringify(reported.map(entry), null, 2)}\n`;
}

function entry({ product, activity, report }: Reported): object {
  const { test, sentAt, passed, request, response, checks } = report;
  const { url, body } = request;
  return {
    product,
    activity,
    debugging: test,
    sentAt: new Date(sentAt).toISOString(),
    passed,
    checks: checks.map((check) => ({
      id: check.id,
      state: check.state,
      text: checkText(say, check),
      ...(check.causes && { causes: check.causes.map((cause) => causeText(say, cause)) }),
    })),
    request: { ...request, url: maskUrl(url), ...(body !== undefined && { body: maskBody(body) }) },
    response: masked(response),
  };
}

function masked(response: WireResponse): object {
  if (response.kind === 'failure') return { ...response, text: say(`reason.${response.reason}`) };
  return { ...response, body: maskBody(response.body) };
}
