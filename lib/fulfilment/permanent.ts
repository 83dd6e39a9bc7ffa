/** True for an error that says of itself that trying again is of no use. */
export function isPermanent(error: unknown): error is Error {
  return error instanceof Error && 'permanent' in error && error.permanent === true;
}
