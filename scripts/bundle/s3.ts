/** Stands in for what the SDK's endpoints know of buckets: a table has none. */
export const resolveParamsForS3 = async <Parameters>(parameters: Parameters): Promise<Parameters> => parameters;
export const DOT_PATTERN = undefined;
export const S3_HOSTNAME_PATTERN = undefined;
export const isArnBucketName = (): boolean => false;
export const isDnsCompatibleBucketName = (): boolean => false;
