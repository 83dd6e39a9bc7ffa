/** What an error of DynamoDB is made of; `members` came with it, as `Item` with a failed condition. */
interface ErrorOptions {
  readonly name?: string;
  readonly message?: string;
  readonly [member: string]: unknown;
}

/** Stands in for the base of the DynamoDB client's errors: the same members, set without a model of each error. */
export class DynamoDBServiceException extends Error {
  constructor({ message, ...members }: ErrorOptions) {
    super(message);
    Object.assign(this, members);
  }
}

/**
 * Stands in for the client's class of one error: what DynamoDB gave that name is an instance of it. The SDK keeps a
 * register of all classes to the same end.
 */
export const named = (name: string) =>
  class extends DynamoDBServiceException {
    constructor(options: ErrorOptions) {
      super({ name, ...options });
    }

    static override [Symbol.hasInstance](error: unknown): boolean {
      return error instanceof DynamoDBServiceException && error.name === name;
    }
  };
