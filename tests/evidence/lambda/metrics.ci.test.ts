import { expect, test } from '@jest/globals';
import { createLog } from '../../../lib/log.ts';
import { unreadMetrics } from '../../../scripts/evidence/lambda/metrics.ts';

/** What the functions' own log writes for a metric. */
function metric(): string {
  const lines: string[] = [];
  createLog(
    (line) => lines.push(line),
    new Set(),
    () => 0,
    { Table: 'shop-dev' },
  ).metric('InternalError', 1);
  return lines.join('\n');
}

test('a metric by itself is found', () => {
  expect(unreadMetrics(`some line\n${metric()}\n{"level":"info"}\n`)).toEqual([]);
});

test.each([
  ['behind what console.log puts before a line', `2026-01-01T00:00:00.000Z\tid\tINFO\t${metric()}`],
  ['as the message of another line', JSON.stringify({ message: metric() }).replaceAll('\\"', '"')],
  ['without its value', metric().replace('"InternalError":1', '"Other":1')],
])('a metric %s is not', (_, line) => {
  expect(unreadMetrics(line)).toEqual([expect.stringContaining('Expected a metric')]);
});

test('a log without any says so', () => {
  expect(unreadMetrics('{"level":"info"}')).toEqual([expect.stringContaining('found none')]);
});
