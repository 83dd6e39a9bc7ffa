import type { OpenApi } from './open-api.ts';

/** The error for what is wrong before anything is sent. @param what ends a sentence that begins with the API's name. */
export function invalid({ title, failure }: OpenApi, what: string): Error {
  return new failure({ code: 'invalid', permanent: true, message: `The marketplace's ${title} ${what}.` });
}

/** @throws the API's error unless the list has 1 to `limit` entries. */
export function checkBatch(api: OpenApi, list: readonly unknown[], limit: number, entries: string): void {
  if (list.length > 0 && list.length <= limit) return;
  throw invalid(api, `takes 1 to ${limit} ${entries} in a call, not ${list.length}; split them`);
}
