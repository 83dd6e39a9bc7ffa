/** Thrown where a server must not start; the message says what was found and what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  /** 1 for what is found in the world, 2 for what is set wrongly. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
