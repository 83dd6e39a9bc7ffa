/** Stands in for the SDK's warning about old versions of Node: serverless.yml says which one runs. */
export const emitWarningIfUnsupportedVersion = (): void => {};
export const state = undefined;
