/** One open API of the marketplace: a file each. It is asked only after the request's signature has been verified. */
export interface OpenApi {
  readonly method: string;
  readonly path: string;
  answer(request: { readonly query: URLSearchParams; readonly body: Buffer; readonly now: number }): {
    readonly status: number;
    readonly body: unknown;
  };
}
