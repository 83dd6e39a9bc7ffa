import type { Context } from 'aws-lambda';
import type { Log } from '../../lib/log.ts';
import type { RouteEvent, RouteRequest, RouteResult, RouteState } from '../../lib/middleware/route.ts';
import { routeEvent } from '../support/route.ts';

/** A request as middy hands it to a middleware. */
export function routeRequest(
  parts: { event?: RouteEvent; internal?: RouteState; response?: RouteResult; error?: Error } = {},
): RouteRequest {
  return {
    event: parts.event ?? routeEvent('key', {}, { now: 0 }),
    context: { awsRequestId: 'request-1' } as Context,
    response: parts.response ?? null,
    error: parts.error ?? null,
    internal: parts.internal ?? {},
  };
}

/** A log that keeps what it was given. */
export function recordingLog(): Log & { readonly entries: { level: string; message: string; fields?: unknown }[] } {
  const entries: { level: string; message: string; fields?: unknown }[] = [];
  return {
    entries,
    info: (message, fields) => entries.push({ level: 'info', message, fields }),
    warn: (message, fields) => entries.push({ level: 'warn', message, fields }),
    error: (message, error, fields) => entries.push({ level: 'error', message, fields: { error, fields } }),
    metric: (name, value, _unit, fields) => entries.push({ level: 'metric', message: name, fields: { value, fields } }),
  };
}
