import { isAnswer, type RouteMiddleware, type RouteRequest } from './route.ts';

/** Forbids whatever stands between the marketplace and us to keep an answer: it may hold credentials or a licence. */
export const NO_STORE = { 'Cache-Control': 'no-store' };

/** Puts `Cache-Control: no-store` on every answer, refusals and those without a body too. Outside whatever makes answers. */
export function forbidStorage(): RouteMiddleware {
  return { after: forbid, onError: forbid };
}

function forbid(request: RouteRequest): void {
  const { response } = request;
  if (response === null || response === undefined || isAnswer(response)) return;
  request.response = { ...response, headers: { ...response.headers, ...NO_STORE } };
}
