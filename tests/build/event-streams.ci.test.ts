import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from '@jest/globals';
import { bundle } from '../../scripts/build/bundle.ts';
import { ROOT } from '../../scripts/dev/local/settings.ts';
import { temporaryFolder } from '../support/command.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** The part of the SDK that tells what an operation takes and gives. */
const { NormalizedSchema } = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-dynamodb'))(
  '@smithy/core/schema',
) as {
  readonly NormalizedSchema: { of(schema: unknown): { getEventStreamMember(): string } };
};

const hasEventStream = (schema: unknown) => NormalizedSchema.of(schema).getEventStreamMember() !== '';

/** Marks of a schema in the SDK's form: `[kind, namespace, name, traits, …]`. */
const STRUCTURE = 3;
const UNION = 4;
const OPERATION = 9;

const operations = Object.values<unknown>(dynamodb).filter(
  (one): one is readonly unknown[] => Array.isArray(one) && one[0] === OPERATION,
);

test('no operation of DynamoDB takes or gives a stream of events', () => {
  expect(operations.map(([, , name]) => name)).toEqual(expect.arrayContaining(['PutItem', 'Query', 'DescribeTable']));

  const streaming = operations.filter(([, , , , input, output]) => hasEventStream(input) || hasEventStream(output));

  expect(streaming).toEqual([]);
});

test('an operation that did would be known by its schema', () => {
  const events = [UNION, 'shop', 'Events', { streaming: 1 }, ['sold'], [0]];

  expect(hasEventStream([STRUCTURE, 'shop', 'Answer', 0, ['events'], [[() => events, 0]]])).toBe(true);
});

test('event streams come along with a client in the seller’s own code', async () => {
  const configFile = join(ROOT, 'tests/build/further-client.config.ts');

  const { inputs } = await bundle({ configFile, outdir: folder.path, functions: ['fulfil'] });

  expect(Object.keys(inputs).filter((path) => /\/event-streams\/index\.js$/.test(path))).toHaveLength(1);
});
