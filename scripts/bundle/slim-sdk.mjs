import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * esbuild plugin that leaves out of the bundles what our functions never reach in the AWS SDK and in standardwebhooks:
 * some 130 KB of 400. Every stand-in says in its own file why it is enough; tests/bundle.test.ts holds them against
 * the originals, and fails if one is no longer used.
 */

const here = import.meta.dirname;

/** Whole packages. */
const PACKAGES = {
  '@aws-sdk/credential-provider-node': 'credentials.ts',
  '@smithy/core/event-streams': 'event-streams.ts',
  'mnemonist/lru-cache': 'lru-cache.cjs',
  'fast-sha256': 'fast-sha256.ts',
  '@stablelib/base64': 'base64.ts',
};

/** Single files of packages, by the end of the path that a neighbour imports them with. */
const FILES = {
  '/Sha256Js': 'sha256-js.ts',
  '/loadSharedConfigFiles': 'shared-config.ts',
  '/HeaderFormatter': 'header-formatter.ts',
  '/endpointResolver': 'endpoint.ts',
  '/partition': 'partition.ts',
  '/AdaptiveRetryStrategy': 'adaptive-retry.ts',
  '/check-features': 'check-features.ts',
  '/loggerMiddleware': 'logger.ts',
  '/emitWarningIfUnsupportedVersion': 'node-version.ts',
  '/s3': 's3.ts',
  '/Sha256Node': 'sha256-node.ts',
  '/recursionDetectionMiddleware': 'recursion-detection.ts',
  '/getInstanceMetadataRegion': 'instance-region.ts',
};

/** Errors that the operations we send can end in; for any other the SDK makes an error with the name it was given. */
const ERRORS = new Set([
  'ConditionalCheckFailedException',
  'InternalServerError',
  'ItemCollectionSizeLimitExceededException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'ResourceNotFoundException',
  'ThrottlingException',
  'TransactionConflictException',
]);

/** The files that stand in for others. */
export const STAND_INS = [...Object.values(PACKAGES), ...Object.values(FILES)];

export const slimSdk = {
  name: 'slim-sdk',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: anyOf(Object.keys(PACKAGES), '^') }, ({ path }) => ({ path: join(here, PACKAGES[path]) }));
    onResolve({ filter: anyOf(Object.keys(FILES)) }, ({ path, importer }) => {
      if (!/node_modules[\\/]@(aws-sdk|smithy)[\\/]/.test(importer)) return undefined;
      return { path: join(here, FILES[path.slice(path.lastIndexOf('/'))]) };
    });
    onLoad({ filter: /client-dynamodb[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, name) =>
        ERRORS.has(name) ? line : '',
      ),
    }));
    // The SDK imports manifests for its user agent alone: name and version are all it needs.
    onLoad({ filter: /node_modules[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

function anyOf(names, start = '') {
  return new RegExp(`${start}(${names.map((name) => name.replaceAll('/', '\\/')).join('|')})$`);
}
