/** Stands in for the SDK's count of the features in use, which ends in the user agent and nowhere else. */
export async function checkFeatures(): Promise<void> {}
