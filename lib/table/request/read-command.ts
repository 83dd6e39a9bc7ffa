import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Attributes } from '../expressions/paths.ts';
import { ValidationException } from '../expressions/validation.ts';

/** Members of the requests that KooGate sends; an engine of our own refuses any other. */
export interface Input {
  readonly TableName?: string;
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys?: readonly Attributes[]; readonly ConsistentRead?: boolean }>
  >;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
}

const EXPRESSION = ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const;
const CONDITION = ['ConditionExpression', 'ReturnValuesOnConditionCheckFailure', ...EXPRESSION] as const;
const PAGE = ['Limit', 'ExclusiveStartKey', 'FilterExpression', ...EXPRESSION] as const;

const MEMBERS = {
  PutItem: ['TableName', 'Item', ...CONDITION],
  UpdateItem: ['TableName', 'Key', 'UpdateExpression', 'ReturnValues', ...CONDITION],
  DeleteItem: ['TableName', 'Key', ...CONDITION],
  GetItem: ['TableName', 'Key', 'ConsistentRead'],
  BatchGetItem: ['RequestItems'],
  Query: ['TableName', 'IndexName', 'KeyConditionExpression', 'ConsistentRead', ...PAGE],
  Scan: ['TableName', 'ConsistentRead', ...PAGE],
} as const satisfies Readonly<Record<string, readonly (keyof Input)[]>>;

/** Operations of the portable subset. */
export type Operation = keyof typeof MEMBERS;

/** Operations by the class of their command: in a bundle the names of classes are no longer what they were. */
const OPERATIONS: ReadonlyMap<unknown, Operation> = new Map<unknown, Operation>([
  [PutItemCommand, 'PutItem'],
  [UpdateItemCommand, 'UpdateItem'],
  [DeleteItemCommand, 'DeleteItem'],
  [GetItemCommand, 'GetItem'],
  [BatchGetItemCommand, 'BatchGetItem'],
  [QueryCommand, 'Query'],
  [ScanCommand, 'Scan'],
]);

/** A command as the client's `send` takes it. */
export interface Command {
  readonly constructor: unknown;
  readonly input: Input;
}

/**
 * Reads a command of the portable subset.
 * @throws ValidationException for any other command, and for a member that KooGate does not send
 */
export function readCommand(command: Command): { readonly operation: Operation; readonly input: Input } {
  const { input } = command;
  const operation = OPERATIONS.get(command.constructor);
  if (operation === undefined) throw new ValidationException('The command is not in the subset');
  const members: readonly string[] = MEMBERS[operation];
  for (const [member, value] of Object.entries(input)) {
    if (value !== undefined && !members.includes(member)) {
      throw new ValidationException(`${operation} with ${member} is not in the subset`);
    }
  }
  return { operation, input };
}

/** Refuses any other value of an option. @throws ValidationException */
export function oneOf(value: string, ...allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new ValidationException(`The option ${value} is not in the subset`);
}
