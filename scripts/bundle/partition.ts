/**
 * Stands in for the SDK's table of partitions: with endpoint.ts in the place of its endpoint rules, all that is asked
 * of it is the prefix of the user agent, which is empty unless somebody sets another.
 */
export const getUserAgentPrefix = () => '';

export function partition(): never {
  throw new Error('The table of partitions is left out of the bundle; see scripts/bundle/partition.ts.');
}

export const setPartitionInfo = partition;

export const useDefaultPartitionInfo = partition;
