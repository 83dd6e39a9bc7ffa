/** Error that ends a login: its message for the browser, and its status. The cause is for the log. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  readonly status: 400 | 401 | 403 | 404 | 502;

  constructor(status: LoginError['status'], message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.status = status;
  }
}
