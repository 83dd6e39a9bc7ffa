import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../lib/log.ts';
import { readableLine, readableLog } from '../../scripts/console/log-line.ts';

const NOW = new Date(2025, 8, 1, 14, 3, 22).getTime();

/** The line that the functions' own log writes. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let line = '';
  const log = createLog(
    (text) => {
      line = text;
    },
    new Set(),
    () => NOW,
  );
  write(log);
  return line;
}

describe('a readable line', () => {
  test('has time, level, message and fields', () => {
    const line = logged((log) =>
      log.info('accepted', { product: 'crm', took: 12, text: 'two words', gone: undefined }),
    );
    expect(readableLine(line)).toBe('14:03:22  info   accepted  product=crm  took=12  text="two words"');
  });

  test('shows lists and objects as JSON, and long values shortened', () => {
    const line = logged((log) => log.warn('w', { list: [1], long: 'x'.repeat(300) }));
    expect(readableLine(line)).toBe(`14:03:22  warn   w  list=[1]  long=${'x'.repeat(200)}…`);
  });

  test('shows the stack of an error indented below, and of its cause', () => {
    const error = new Error('no seat left', { cause: new TypeError('seats is undefined') });
    error.stack = 'Error: no seat left\n    at provision (src/crm.ts:12:11)';
    Object(error.cause).stack = 'TypeError: seats is undefined\n    at seatsOf (src/seats.ts:3:9)';
    expect(readableLine(logged((log) => log.error('the hook failed', error, { product: 'crm' })))).toBe(
      [
        '14:03:22  error  the hook failed  product=crm',
        '    Error: no seat left',
        '        at provision (src/crm.ts:12:11)',
        '    Caused by TypeError: seats is undefined',
        '        at seatsOf (src/seats.ts:3:9)',
      ].join('\n'),
    );
  });

  test.each([
    'Rebuilt: src/crm.ts changed.',
    '',
    '{"resultCode":"000000"}',
    '{broken',
    '[1]',
    '{"level":1,"message":"m"}',
  ])('is %j itself where it is no line of a log', (line) => expect(readableLine(line)).toBe(line));

  test('is coloured by its level', () => {
    expect(
      readableLine(
        logged((log) => log.warn('careful')),
        true,
      ),
    ).toContain('\u001b[33mwarn');
  });
});

test('a stream is read line by line, wherever its pieces break', () => {
  const line = logged((log) => log.info('accepted'));
  let text = '';
  const take = readableLog((more) => {
    text += more;
  });
  for (const piece of ['plain\n', line.slice(0, 9), line.slice(9), '\nno end']) take(piece);
  expect(text).toBe('plain\n14:03:22  info   accepted\n');
  take.flush();
  expect(text).toBe('plain\n14:03:22  info   accepted\nno end');
});
