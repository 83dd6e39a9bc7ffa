import { NO_STORE } from './forbid-storage.ts';
import type { RouteMiddleware } from './route.ts';

/** Key of the route that a stage with a domain of its own has beside the one for calls. */
const BARE_DOMAIN = 'GET /';

/**
 * Answers `GET /` with 200 and nothing else, since the seller console calls the bare domain to see that it is there.
 * Outermost: what it answers reaches no other middleware, so it reads no secret and no item, and writes no log line.
 */
export function answerBareDomain(): RouteMiddleware {
  return {
    before: ({ event }) =>
      event.routeKey === BARE_DOMAIN ? { statusCode: 200, headers: NO_STORE, body: '' } : undefined,
  };
}
