import { expect, test } from '@jest/globals';
import { createLog } from '../lib/log.ts';

function lines() {
  const written: string[] = [];
  const secrets = new Set(['11111111-2222-3333-4444-555555555555']);
  const log = createLog(
    (line) => written.push(line),
    secrets,
    () => 1_700_000_000_000,
  );
  return { written, log, secrets };
}

test('writes one JSON object a line with the UTC time', () => {
  const { written, log } = lines();
  log.info('call', { product: 'demo', milliseconds: 12 });
  expect(JSON.parse(written[0] ?? '')).toEqual({
    level: 'info',
    time: '2023-11-14T22:13:20.000Z',
    message: 'call',
    product: 'demo',
    milliseconds: 12,
  });
});

test('masks e-mail addresses, telephone numbers and known secrets, nested ones and those in errors too', () => {
  const { written, log } = lines();
  const secret = '11111111-2222-3333-4444-555555555555';
  log.error('went wrong', new Error(`key ${secret} of jane.doe@example.com`, { cause: new Error(`+8613800000000`) }), {
    nested: { text: `call 13800000000 with ${secret}` },
  });
  expect(written[0]).not.toMatch(/11111111|jane|13800000000/);
  expect(written[0]).toMatch(/went wrong/);
});

test('masks secrets that became known after the log was made', () => {
  const { written, log, secrets } = lines();
  secrets.add('rotated-in-later');
  log.warn('x', { text: 'has rotated-in-later inside' });
  expect(written[0]).not.toContain('rotated-in-later');
});

test('masks names of members, numbers, and what objects make of themselves', () => {
  const { written, log } = lines();
  log.info('m', {
    n: 13_800_138_000,
    '13800138000': 1,
    'x@example.com': 2,
    list: [8_613_800_138_000],
    own: { toJSON: () => 'a@b.example' },
    at: 1_700_000_000_000,
  });
  expect(written[0]).not.toMatch(/138001|example/);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ n: '***', list: ['***'], at: 1_700_000_000_000 });
});

test('masks the fields of metrics', () => {
  const { written, log } = lines();
  log.metric('FailedDialTest', 1, 'Count', { activity: '13800138000' });
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ FailedDialTest: 1, activity: '***' });
});

test('describes an error whose cause leads back to itself', () => {
  const { written, log } = lines();
  const error = new Error('round');
  error.cause = error;
  log.error('odd', error);
  expect(JSON.parse(written[0] ?? '').error.cause.cause.message).toBe('round');
});

test('writes metrics in the embedded metric format', () => {
  const { written, log } = lines();
  log.metric('FailedChange', 1, 'Count', { product: 'demo' });
  expect(JSON.parse(written[0] ?? '')).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        { Namespace: 'KooGate', Dimensions: [[]], Metrics: [{ Name: 'FailedChange', Unit: 'Count' }] },
      ],
    },
    FailedChange: 1,
    product: 'demo',
  });
});

test('tells the metrics of installations apart by their dimensions', () => {
  const written: string[] = [];
  createLog(
    (line) => written.push(line),
    new Set(),
    () => 0,
    { Table: 'koogate-prod' },
  ).metric('FailedChange', 1);
  expect(JSON.parse(written[0] ?? '')).toEqual({
    _aws: {
      Timestamp: 0,
      CloudWatchMetrics: [
        { Namespace: 'KooGate', Dimensions: [['Table']], Metrics: [{ Name: 'FailedChange', Unit: 'Count' }] },
      ],
    },
    FailedChange: 1,
    Table: 'koogate-prod',
  });
});

test('a thrown value that is no error is described, not lost', () => {
  const { written, log } = lines();
  log.error('odd', 'just text');
  expect(JSON.parse(written[0] ?? '').error).toEqual({ message: 'just text' });
});

test('an error without a stack is told by its name and message', () => {
  const { written, log } = lines();
  const error = new Error('bare');
  delete error.stack;
  log.error('went wrong', error);
  expect(JSON.parse(written[0] ?? '').error).toEqual({ name: 'Error', message: 'bare' });
});
