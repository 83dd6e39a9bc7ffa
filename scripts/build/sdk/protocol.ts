import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { HttpRequest } from '@smithy/core/transport';
import { DynamoDBServiceException } from './errors.ts';

/** What the SDK's middleware tells a protocol about an operation. */
interface Operation {
  readonly name: string;
}

interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: NodeJS.ReadableStream;
}

/** Operations with a token by which DynamoDB knows a repeat; the SDK adds one that is missing. */
const TRANSACTION = /^(TransactWriteItems|ExecuteTransaction)$/;

/**
 * Stands in for the SDK's AWS JSON 1.0 protocol with its codecs and schemas, which know the shape of every member in
 * order to convert times, streams and blobs. What DynamoDB takes and gives for items is JSON as it stands but for the
 * bytes of `B` and `BS`, so no shapes are needed. Operations on tables and backups give times as numbers this way.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export class AwsJson1_0Protocol {
  readonly #target: string;

  constructor({ serviceTarget }: { serviceTarget: string }) {
    this.#target = serviceTarget;
  }

  setSerdeContext(): void {}

  async serializeRequest({ name }: Operation, input: object, context: { endpoint(): Promise<Endpoint> }) {
    const { protocol, hostname, port, path } = await context.endpoint();
    return new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port === undefined ? {} : { port }),
      path: path.endsWith('/') ? path : `${path}/`,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${this.#target}.${name}`,
        // the one trace in CloudTrail of what called, as the SDK's user agent is left out
        'user-agent': 'koogate',
      },
      body: JSON.stringify(
        TRANSACTION.test(name) ? { ClientRequestToken: randomUUID(), ...input } : input,
        writeMember,
      ),
    });
  }

  /** @throws Error named as DynamoDB names it, with the members that came with it (`Item` of a failed condition). */
  async deserializeResponse(_operation: Operation, _context: unknown, { statusCode, headers, body }: Response) {
    const answer = await text(body);
    const members: Record<string, unknown> = answer === '' ? {} : JSON.parse(answer, readMember);
    const $metadata = {
      httpStatusCode: statusCode,
      requestId: headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'],
      extendedRequestId: headers['x-amz-id-2'],
      cfId: headers['x-amz-cf-id'],
    };
    if (statusCode < 300) return { ...members, $metadata };
    const { message, Message, ...others } = members;
    const name = nameOf(others.__type ?? others.code ?? headers['x-amzn-errortype'] ?? 'Unknown');
    throw new DynamoDBServiceException({
      ...others,
      name,
      message: String(message ?? Message ?? 'UnknownError'),
      $fault: statusCode < 500 ? 'client' : 'server',
      $metadata,
      // the one error of DynamoDB whose model asks for another attempt
      ...(name === 'ReplicatedWriteConflictException' ? { $retryable: {} } : {}),
    });
  }
}

/** Stands in for the codec of `@aws-sdk/dynamodb-codec`, which the protocol above does not ask for. */
export class DynamoDBJsonCodec2 {}

/** `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:…` → `ResourceNotFoundException` */
function nameOf(code: unknown): string {
  const [name = ''] = String(code).split(/[,:]/);
  return name.slice(name.indexOf('#') + 1);
}

/** Nulls are left out, bytes become base64. `this` holds the value as it was: a Buffer would come here as its `toJSON`. */
function writeMember(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name];
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
  return value ?? undefined;
}

/** An attribute called `B` has an object for its value, so a text under that name is always bytes. */
function readMember(name: string, value: unknown): unknown {
  if (name === 'B' && typeof value === 'string') return bytes(value);
  if (name === 'BS' && Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.map(bytes);
  return value;
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
