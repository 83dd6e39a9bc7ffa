import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Condition } from '../expressions/condition.ts';
import { checkItem, readKey } from '../expressions/item.ts';
import type { Attributes } from '../expressions/paths.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { ValidationException } from '../expressions/validation.ts';
import { conditionOf, placeholders, refuseUnused, updateOf } from './given.ts';
import { checkIndexed } from './indexes.ts';
import { type Input, type Operation, oneOf } from './read-command.ts';

/** A key as texts. */
export interface KeyTexts {
  readonly pk: string;
  readonly sk: string;
}

/** A write of one item, checked as far as it can be without the item. */
export interface Write {
  readonly key: KeyTexts;
  /** Evaluates the condition on the item as it is. @throws ValidationException if it cannot be evaluated */
  holds(before: Attributes | undefined): boolean;
  /** Makes the item as it is to be; none if it is to go. @throws ValidationException */
  change(before: Attributes | undefined): Attributes | undefined;
  /** Makes the answer to a write that took place. */
  answer(after: Attributes | undefined): object;
  /** Makes the error for a condition that does not hold, with the item that stands in its way if it was asked for. */
  refusal(before: Attributes | undefined): ConditionalCheckFailedException;
}

/** Operations that write. */
export type WriteOperation = Extract<Operation, 'PutItem' | 'UpdateItem' | 'DeleteItem'>;

/** Says whether an operation is one that writes. */
export function isWrite(operation: Operation): operation is WriteOperation {
  return operation === 'PutItem' || operation === 'UpdateItem' || operation === 'DeleteItem';
}

/** Reads a write. @throws ValidationException for what lies outside the portable subset */
export function readWrite(operation: WriteOperation, input: Input): Write {
  return { PutItem: readPut, UpdateItem: readChange, DeleteItem: readDelete }[operation](input);
}

/** Reads a key. @throws ValidationException */
export function keyTexts(key: Attributes | undefined): KeyTexts {
  return { pk: readKey(key, 'pk'), sk: readKey(key, 'sk') };
}

function readPut(input: Input): Write {
  const key = keyTexts(input.Item);
  const item = input.Item ?? {};
  checkNew(item);
  return { key, ...conditional(input, placeholders(input)), change: () => item, answer: () => ({}) };
}

function readDelete(input: Input): Write {
  const key = keyTexts(input.Key);
  return { key, ...conditional(input, placeholders(input)), change: () => undefined, answer: () => ({}) };
}

function readChange(input: Input): Write {
  const key = keyTexts(input.Key);
  const { ReturnValues = 'NONE' } = input;
  oneOf(ReturnValues, 'NONE', 'ALL_NEW');
  const update = updateOf(input.UpdateExpression ?? '');
  const given = placeholders(input);
  update.check(given);
  return {
    key,
    ...conditional(input, given, update.used),
    change: (before) => {
      const after = update.apply(before ?? structuredClone(input.Key) ?? {}, given);
      const { pk, sk } = keyTexts(after);
      if (pk !== key.pk || sk !== key.sk) throw new ValidationException('An update must not change the key');
      checkNew(after);
      return after;
    },
    answer: (after) => (ReturnValues === 'ALL_NEW' ? { Attributes: after } : {}),
  };
}

const NOTHING_USED: ReadonlySet<string> = new Set();
const ALWAYS: Condition = { used: NOTHING_USED, holds: () => true };

function conditional(
  input: Input,
  given: Placeholders,
  usedInUpdate: ReadonlySet<string> = NOTHING_USED,
): Pick<Write, 'holds' | 'refusal'> {
  const condition = input.ConditionExpression === undefined ? ALWAYS : conditionOf(input.ConditionExpression);
  refuseUnused(given, new Set([...usedInUpdate, ...condition.used]));
  const { ReturnValuesOnConditionCheckFailure: image = 'NONE' } = input;
  oneOf(image, 'NONE', 'ALL_OLD');
  return {
    holds: (before) => condition.holds(before, given),
    refusal: (before) =>
      new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: {},
        ...(before === undefined || image === 'NONE' ? {} : { Item: before }),
      }),
  };
}

function checkNew(item: Attributes): void {
  checkItem(item);
  checkIndexed(item);
}
