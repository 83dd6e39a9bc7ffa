import { createHmac } from 'node:crypto';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import { routeEvent } from './route.ts';

/** Unix milliseconds as `timeStamp`: yyyyMMddHHmmssSSS, UTC. */
export function timeStampOf(now: number): string {
  return new Date(now).toISOString().replaceAll(/\D/g, '');
}

/** The marketplace's token, written down a second time so that a mistake in the product shows. */
export function tokenOf(key: string, parameters: Readonly<Record<string, string>>): string {
  const names = Object.keys(parameters).sort();
  return createHmac('sha256', key + (parameters.timeStamp ?? ''))
    .update(names.map((name) => `${name}=${parameters[name]}`).join('&'))
    .digest('base64');
}

/** A signed query string; names ascending, everything percent-encoded. */
export function signedQuery(key: string, parameters: Readonly<Record<string, string>>, now: number): string {
  const signed = { timeStamp: timeStampOf(now), ...parameters };
  const sent: Readonly<Record<string, string>> = { ...signed, authToken: tokenOf(key, signed) };
  return Object.keys(sent)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(sent[name] ?? '')}`)
    .join('&');
}

/** The gateway's event of a GET call; `query` takes the place of the signed query string. */
export function getEvent(
  key: string,
  parameters: Readonly<Record<string, string>>,
  options: { product?: string; now: number; query?: string },
): RouteEvent {
  const { product = 'legacy', now, query = signedQuery(key, parameters, now) } = options;
  return routeEvent(key, '', { product, now, method: 'GET', query });
}
