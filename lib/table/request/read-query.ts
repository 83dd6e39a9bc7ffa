import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Condition } from '../expressions/condition.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { valueBehind } from '../expressions/placeholders.ts';
import { ValidationException } from '../expressions/validation.ts';
import { conditionOf, placeholders, refuseUnused } from './given.ts';
import { indexNamed } from './indexes.ts';
import type { Input } from './read-command.ts';
import { type Filter, readFilter } from './read-filter.ts';

/** A stretch of a partition by its sort key. */
export interface Stretch {
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins_with';
  readonly value: AttributeValue;
}

/** A query of the table, or of an index that keeps keys alone. */
export interface Query {
  /** Names of the partition and the sort key. */
  readonly keys: readonly [string, string];
  readonly isOfIndex: boolean;
  readonly partition: AttributeValue;
  /** The whole partition without it. */
  readonly stretch?: Stretch;
  readonly given: Placeholders;
  /** The key condition, for engines that evaluate it. */
  readonly condition: Condition;
  readonly keeps: Filter['keeps'];
}

/** A key condition is one partition, and perhaps one stretch of its sort key; anything else would be a filter. */
const FORM = /^(#\w+) = (:\w+)(?: AND (?:(#\w+) (=|<|<=|>|>=) (:\w+)|begins_with\((#\w+), (:\w+)\)))?$/;

/** Reads a query. @throws ValidationException for what lies outside the portable subset */
export function readQuery(input: Input): Query {
  const { IndexName, KeyConditionExpression: text = '', ConsistentRead = false } = input;
  const given = placeholders(input);
  const condition = conditionOf(text);
  const { used, keeps } = readFilter(input, given);
  refuseUnused(given, new Set([...used, ...condition.used]));
  const keys = IndexName === undefined ? (['pk', 'sk'] as const) : indexNamed(IndexName, ConsistentRead);
  const [, first = '', partition = '', compared, operator, bound, prefixed, prefix] = FORM.exec(text) ?? [];
  const second = compared ?? prefixed;
  const { names } = given;
  if (first === '' || names[first] !== keys[0] || (second !== undefined && names[second] !== keys[1])) {
    throw new ValidationException(`"${text}" is not a key condition of the subset`);
  }
  return {
    keys,
    isOfIndex: IndexName !== undefined,
    partition: valueBehind(partition, given),
    ...(second !== undefined && {
      stretch: {
        operator: (operator ?? 'begins_with') as Stretch['operator'],
        value: valueBehind(bound ?? prefix ?? '', given),
      },
    }),
    given,
    condition,
    keeps,
  };
}
