import { expect, test } from '@jest/globals';
import { answerErrors } from '../../lib/middleware/answer-errors.ts';
import { OutsideProtocol } from '../../lib/middleware/route.ts';
import { Refusal } from '../../lib/protocol/refusal.ts';
import { recordingLog, routeRequest } from './support.ts';

function answered(error: Error) {
  const log = recordingLog();
  const request = routeRequest({ error });
  answerErrors({ log }).onError?.(request);
  return { response: request.response, log };
}

test('a refusal becomes its code and text', () => {
  expect(answered(new Refusal('000003', 'no such instance')).response).toEqual({
    resultCode: '000003',
    resultMsg: 'no such instance',
  });
});

test('a refusal carries no stack: it is an answer, not a defect', () => {
  expect(new Refusal('000003', 'x').stack).not.toContain('\n');
  expect(new Error('x').stack).toContain('\n');
});

test('a defect becomes 000005 without its detail, which goes to the log', () => {
  const { response, log } = answered(new TypeError('cannot read secret-thing of undefined'));
  expect(response).toEqual({ resultCode: '000005', resultMsg: 'internal error; the call may be repeated' });
  const message = 'a call failed for a reason that is not the caller’s';
  const error = expect.objectContaining({ message: 'cannot read secret-thing of undefined' });
  expect(log.entries).toEqual([{ level: 'error', message, fields: { error } }]);
});

test.each([404, 405, 503] as const)('outside the protocol: a bare %s', (status) => {
  expect(answered(new OutsideProtocol(status, 'detail')).response).toStrictEqual({ statusCode: status, body: '' });
});

test.each([404, 405] as const)('%s is the caller’s mistake, and no error of ours in the log', (status) => {
  expect(answered(new OutsideProtocol(status, 'detail')).log.entries).toEqual([]);
});

test('405 names the methods that are taken', () => {
  expect(answered(new OutsideProtocol(405, '', { allow: 'POST' })).response).toMatchObject({
    headers: { Allow: 'POST' },
  });
});

test('keys that cannot be had are logged with their cause', () => {
  const cause = new Error('parameter store is throttled');
  const { log } = answered(new OutsideProtocol(503, 'keys unavailable', { cause }));
  expect(log.entries).toEqual([{ level: 'error', message: 'no answer possible', fields: { error: cause } }]);
});

test('a 503 without a cause is logged with its own reason', () => {
  const { log } = answered(new OutsideProtocol(503, 'product "demo" has no access key'));
  const error = expect.objectContaining({ name: 'OutsideProtocol', message: 'product "demo" has no access key' });
  expect(log.entries).toEqual([expect.objectContaining({ fields: { error } })]);
});
