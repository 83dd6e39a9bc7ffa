import type { Metafile } from 'esbuild';

/** Module that the SDK loads by itself for a call or an answer that is a stream of events. */
export const EVENT_STREAMS = '@smithy/core/event-streams';

/** Modules that every client of the SDK makes its calls with. */
const PROTOCOLS = /node_modules\/@(?:smithy|aws-sdk)\/core\/(?:.*\/)?protocols\//;

/** Packages by which DynamoDB's client comes to these modules. */
const OF_DYNAMODB =
  /node_modules\/@(?:smithy\/[^/]+|aws-sdk\/(?:core|dynamodb-codec|middleware-endpoint-discovery|client-dynamodb))\/$/;

/**
 * Tells whether bundles hold a client of the SDK besides DynamoDB's, in a seller's code. No operation of DynamoDB has a
 * stream of events; those of another client may.
 */
export function hasFurtherClient({ inputs }: Metafile): boolean {
  return Object.entries(inputs).some(
    ([path, { imports }]) => !OF_DYNAMODB.test(packageOf(path)) && imports.some((one) => PROTOCOLS.test(one.path)),
  );
}

/** The path as far as the innermost package's folder. */
function packageOf(path: string): string {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0] ?? path;
}
