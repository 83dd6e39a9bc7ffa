import { expect, test } from '@jest/globals';
import { forbidStorage } from '../../lib/middleware/forbid-storage.ts';
import type { RouteRequest } from '../../lib/middleware/route.ts';

const { after } = forbidStorage();
const request = (response: unknown) => ({ response }) as unknown as RouteRequest;

test('a response is not to be kept, and keeps its other headers', () => {
  const one = request({ statusCode: 404, headers: { 'X-Own': '1' } });
  after?.(one);
  expect(one.response).toEqual({ statusCode: 404, headers: { 'X-Own': '1', 'Cache-Control': 'no-store' } });
});

test.each([null, undefined])('where there is no response (%s), none is made', (none) => {
  const one = request(none);
  after?.(one);
  expect(one.response).toBe(none);
});
