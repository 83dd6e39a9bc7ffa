import type { Call } from '../../lib/protocol/call.ts';

/** The parameters of a GET call, which are texts all. */
export function parametersOf({ body }: Call): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
}
