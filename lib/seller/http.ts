import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { type Answer, checkedUrl, exchange } from '../http.ts';
import { ANSWERS } from './answer.ts';
import type { HookContext, Seller } from './contract.ts';
import type { SellerEvent } from './request.ts';

/** Address of the seller's server, and the secret by which it knows us. */
export interface HttpSellerOptions {
  /** One endpoint for all events: https, or http on loopback. */
  readonly url: string;
  /** Standard Webhooks secret, `whsec_` and base64; asked before every call, so that it can be changed. */
  secret(): Promise<string>;
  readonly fetch?: typeof fetch;
}

const MAX_ANSWER_BYTES = 64 * 1024;
/** A license is a file of up to 160 KB, in base64; a text may be escaped. */
const MAX_LICENSE_ANSWER_BYTES = 1024 * 1024;
/** Length of a secret, as Standard Webhooks demands it. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
/** Status by which a server says that it does not handle an event. */
export const NOT_IMPLEMENTED = 501;
const MAY_BE_UNHANDLED: ReadonlySet<SellerEvent> = new Set<SellerEvent>([
  'canChange',
  'usage',
  'orderNotified',
  'licenseRenewed',
  'licenseFrozen',
  'licenseUnfrozen',
  'licenseReleased',
  'tenantChanged',
  'applicationChanged',
  'userChanged',
  'departmentChanged',
  'departmentsReplaced',
]);

/**
 * Passes every change on to a server in any language: `POST url` with `{ event, instance, order, …, attempt, sentAt }`,
 * dates as ISO 8601, signed as Standard Webhooks has it (https://www.standardwebhooks.com). `webhook-id` is the
 * idempotency key: the same for every attempt of a change. The server answers 2xx with an empty body or `{}` when done,
 * or with `access`, `license`, `file`, `apikey`, `refused`, `failed`, or `allowed`; anything else, other statuses and silence included,
 * counts as a failed attempt and is repeated. For `canChange`, `usage`, `orderNotified`, the events of licence codes and those of
 * tenants, which a server need not handle, 501 is yes / done.
 * @throws Error naming the setting if the address is not https
 */
export function httpSeller(options: HttpSellerOptions): Seller {
  const url = checkedSellerUrl(options);
  const ask = async <E extends keyof typeof ANSWERS>(event: E, change: object, context: HookContext) => {
    const answer = await postEvent(options, url, event, change, context);
    const unhandled = answer.status === NOT_IMPLEMENTED && MAY_BE_UNHANDLED.has(event);
    return readAnswer(ANSWERS[event], event, unhandled ? { status: 200, text: '' } : answer);
  };
  return {
    provision: (change, context) => ask('provision', change, context),
    renew: (change, context) => ask('renew', change, context),
    freeze: (change, context) => ask('freeze', change, context),
    unfreeze: (change, context) => ask('unfreeze', change, context),
    upgrade: (change, context) => ask('upgrade', change, context),
    release: (change, context) => ask('release', change, context),
    canChange: (change, context) => ask('canChange', change, context),
    usage: (question, context) => ask('usage', question, context),
    issueLicense: (application, context) => ask('issueLicense', application, context),
    applyApikey: (application, context) => ask('applyApikey', application, context),
    licenses: {
      renewed: (change, context) => ask('licenseRenewed', change, context),
      frozen: (change, context) => ask('licenseFrozen', change, context),
      unfrozen: (change, context) => ask('licenseUnfrozen', change, context),
      released: (change, context) => ask('licenseReleased', change, context),
    },
    orderNotified: (change, context) => ask('orderNotified', change, context),
    tenants: {
      tenantChanged: (change, context) => ask('tenantChanged', change, context),
      applicationChanged: (change, context) => ask('applicationChanged', change, context),
      userChanged: (change, context) => ask('userChanged', change, context),
      departmentChanged: (change, context) => ask('departmentChanged', change, context),
      departmentsReplaced: (change, context) => ask('departmentsReplaced', change, context),
    },
  };
}

/**
 * Reads a Standard Webhooks secret from the configuration: base64 of 24 to 64 bytes, with or without `whsec_` in front.
 * @param setting what to name in the error, such as `KOOGATE_SELLER_SECRET`.
 * @returns the secret as given
 * @throws Error that says what was expected, and never repeats the secret
 */
export function checkedSecret(secret: string, setting: string): string {
  const base64 = secret.replace(/^whsec_/, '');
  const bytes = Buffer.from(base64, 'base64');
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
  if (isBase64 && bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES) return secret;
  const found = isBase64 ? `found ${bytes.length} bytes` : 'found other characters, such as a blank or a line end';
  throw new Error(
    `${setting} is not a secret of the HTTP seller: expected whsec_ and then the base64 of ${MIN_SECRET_BYTES} to ` +
      `${MAX_SECRET_BYTES} bytes, ${found}. To make one: echo "whsec_$(openssl rand -base64 32)".`,
  );
}

/** Reads the address. @throws Error naming the setting */
export function checkedSellerUrl({ url }: HttpSellerOptions): URL {
  return checkedUrl(url, "The address of the seller's server (KOOGATE_SELLER_URL)");
}

/** Posts an event, signed. */
export async function postEvent(
  options: HttpSellerOptions,
  url: URL,
  event: SellerEvent,
  change: object,
  { idempotencyKey, attempt, now, signal }: HookContext,
): Promise<Answer> {
  const body = JSON.stringify({ event, ...change, attempt, sentAt: now.toISOString() });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': idempotencyKey,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signWebhook(await options.secret(), idempotencyKey, now, body),
  };
  try {
    return await exchange({
      method: 'POST',
      url,
      headers,
      body,
      signal,
      limit: event === 'issueLicense' ? MAX_LICENSE_ANSWER_BYTES : MAX_ANSWER_BYTES,
      fetch: options.fetch,
    });
  } catch (error) {
    throw new Error(
      `The seller's server gave no answer to ${event}: ${error instanceof Error ? error.message : 'fault'}.`,
    );
  }
}

/** Makes the signature `v1` of Standard Webhooks: an HMAC-SHA256 over id, seconds and body. @throws Error */
export function signWebhook(secret: string, id: string, at: Date, body: string): string {
  const base64 = secret.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 > 0) {
    throw new Error("The secret of the seller's server (seller.secret) must be base64, best with whsec_ in front.");
  }
  const signed = `${id}.${Math.floor(at.getTime() / 1000)}.${body}`;
  return `v1,${createHmac('sha256', Buffer.from(base64, 'base64')).update(signed).digest('base64')}`;
}

/** Reads what a server answers; its text is not repeated in errors: it may hold credentials. @throws Error */
export function readAnswer<S extends v.GenericSchema>(
  schema: S,
  event: SellerEvent,
  { status, text }: Answer,
): v.InferOutput<S> {
  if (status < 200 || status > 299) {
    throw new Error(`The seller's server answered HTTP ${status} to ${event}: see its log; the change is tried again.`);
  }
  const result = v.safeParse(schema, parse(text));
  if (result.success) return result.output;
  throw new Error(
    `The seller's server answered HTTP ${status} to ${event} with a body that is not one of the agreed answers: ` +
      'see docs/http-seller.md.',
  );
}

function parse(text: string | undefined): unknown {
  if (text?.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return Array.isArray(parsed) ? undefined : parsed; // to the schemas [] would be an object without members
  } catch {
    return undefined;
  }
}
