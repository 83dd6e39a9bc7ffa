import { expect, test } from '@jest/globals';
import type { RecordResult } from '../../lib/open-api/usage-results.ts';
import type { PushUsage } from '../../lib/usage/dependencies.ts';
import { type LeftOver, pushAll, type Settled } from '../../lib/usage/push.ts';
import { PushError } from './billing.ts';
import { storedRecord } from './world.ts';

const records = [0, 1, 2].map((ago) => storedRecord('i', ago, '1'));
const [first, second, third] = records.map(({ meteringSn }) => meteringSn);
const accepted = (meteringSn = ''): RecordResult => ({ meteringSn, outcome: 'accepted' });

/** Everything a push yields, and how many records were sent each time; `answers` are given one after the other. */
async function pushed(...answers: (readonly RecordResult[] | Error | string)[]) {
  const sizes: number[] = [];
  const pushUsage: PushUsage = async (_, sent) => {
    sizes.push(sent.length);
    const answer = answers[sizes.length - 1] ?? [];
    if (typeof answer === 'string' || answer instanceof Error) throw answer;
    return answer;
  };
  const outcomes: (Settled | LeftOver)[] = [];
  for await (const outcome of pushAll({ pushUsage }, 'demo', records)) outcomes.push(outcome);
  return { sizes, outcomes };
}

test('what an answer leaves out is pushed once more, without what it named', async () => {
  const { sizes, outcomes } = await pushed([accepted(first)], [accepted(second), accepted(third)]);
  expect(sizes).toEqual([3, 2]);
  expect(outcomes.map((one) => 'taken' in one && one.taken.map(({ meteringSn }) => meteringSn))).toEqual([
    [first],
    [second, third],
  ]);
});

test('an answer that says nothing of any record divides the push, until each has been judged alone', async () => {
  const { sizes, outcomes } = await pushed([accepted('another')]);
  expect(sizes).toEqual([3, 2, 1, 1, 1]);
  const reason = 'The marketplace said nothing of the records.';
  expect(outcomes).toEqual([
    {
      taken: [],
      turnedDown: records.map((record) => ({ record, code: 'unanswered', reason, for: 'held' })),
    },
  ]);
});

test.each<[string, Error | string]>([
  ['the account', new PushError('APIG.0301')],
  ['nothing that is known', new Error('no code')],
  ['no error', 'gone'],
])('a failure for the sake of %s ends it, with everything left as it was', async (_, error) => {
  const { sizes, outcomes } = await pushed(error);
  expect(sizes).toEqual([3]);
  expect(outcomes).toEqual([{ left: records, error, isAccount: false }]);
});

test('a refusal without a word of why is for now, and says so', async () => {
  const refused: RecordResult = { meteringSn: third ?? '', outcome: 'refused' };
  const { outcomes } = await pushed([accepted(first), accepted(second), refused]);
  expect(outcomes).toMatchObject([
    { turnedDown: [{ record: records[2], code: 'refused', reason: 'refused without a reason', for: 'now' }] },
  ]);
});
