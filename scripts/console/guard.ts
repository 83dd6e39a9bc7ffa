import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../cli/terminal/problem.ts';
import { equalTexts } from '../marketplace/protocol/mac.ts';

/** Refusal of the console's; `id` finds the sentence. */
export interface Refused {
  readonly status: number;
  readonly id: string;
}

/** Port and token by which a request shows that it is the page's own. */
export interface Own {
  readonly port: number;
  /** Made at start-up; travels in the printed address's fragment, which browsers send nowhere. */
  readonly token: string;
}

/** Thrown at what the console may not do, as it was started. */
export class Forbidden extends Problem {}

export const TOKEN_HEADER = 'x-console-token';

/**
 * Refuses a request that does not come from the console's own page in a browser of this machine; undefined if it does.
 * The console binds to loopback, but any page in the same browser can send requests there: with a foreign Origin, or
 * under its own name that it has pointed to 127.0.0.1 (DNS rebinding), or from another port of this machine
 * (same-site). Pages hold no secret and need no token; everything else does.
 */
export function refusal(headers: IncomingHttpHeaders, isPage: boolean, { port, token }: Own): Refused | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return { status: 403, id: 'page.refused.host' };
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, id: 'page.refused.origin' };
  const welcome = isPage ? ['same-origin', 'none'] : ['same-origin'];
  if (site !== undefined && !welcome.includes(String(site))) return { status: 403, id: 'page.refused.site' };
  if (isPage) return undefined;
  const given = headers[TOKEN_HEADER];
  if (typeof given !== 'string' || !equalTexts(given, token)) return { status: 401, id: 'page.refused.token' };
  return undefined;
}

/** Sent with everything. No script or style but our own files, and markup only from nodes: Trusted Types forbid the rest. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};
