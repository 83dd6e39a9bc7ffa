/** Stands in for the SDK's adaptive retry mode, which the functions are not set to. */
export class AdaptiveRetryStrategy {
  constructor() {
    throw new Error('AWS_RETRY_MODE=adaptive is not in this bundle: unset it, or set it to standard.');
  }
}
