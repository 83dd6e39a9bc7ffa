/** The error that DynamoDB answers to a request that cannot be carried out, whatever its condition says. */
export class ValidationException extends Error {
  override readonly name = 'ValidationException';
}
