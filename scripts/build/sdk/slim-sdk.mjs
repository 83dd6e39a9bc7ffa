import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * esbuild plugin that leaves out of the bundles what our functions never reach in the AWS SDK and in standardwebhooks:
 * more than 200 KB of 400. Every stand-in says in its own file why it is enough; tests/build/bundle.test.ts and tests/build/sdk/
 * hold them against the originals, and fail if one is no longer used. What is particular to DynamoDB stands in for the
 * imports of its client alone, so that a seller's code may bring other clients of the SDK.
 */

const here = import.meta.dirname;

const DYNAMODB = /node_modules[\\/]@aws-sdk[\\/]client-dynamodb[\\/]/;
const SDK = /node_modules[\\/]@(aws-sdk|smithy)[\\/]/;
const ANYBODY = /./;

/** Who imports what, and what is put in its place: whole packages, or files by the end of the path. */
const REPLACED = [
  [ANYBODY, '@aws-sdk/credential-provider-node', 'credentials.ts'],
  [ANYBODY, 'fast-sha256', 'fast-sha256.ts'],
  [ANYBODY, '@stablelib/base64', 'base64.ts'],
  [SDK, '/configLoader', 'config-loader.ts'],
  [SDK, '/HeaderFormatter', 'header-formatter.ts'],
  [SDK, '/parseRetryAfterHeader', 'retry-after.ts'],
  [DYNAMODB, '/endpointResolver', 'endpoint.ts'],
  [DYNAMODB, '@smithy/core/endpoints', 'endpoint-plugin.ts'],
  [DYNAMODB, '@aws-sdk/core/protocols', 'protocol.ts'],
  [DYNAMODB, '@aws-sdk/dynamodb-codec', 'protocol.ts'],
  [DYNAMODB, '@smithy/core/checksum', 'client-parts.ts'],
  [DYNAMODB, '@smithy/core/config', 'settings.ts'],
  [DYNAMODB, '@smithy/core/client', 'commands.ts'],
  [DYNAMODB, '@smithy/core/retry', 'retry.ts'],
  [DYNAMODB, '@aws-sdk/core/client', 'client-parts.ts'],
  [DYNAMODB, '@aws-sdk/core/account-id-endpoint', 'client-parts.ts'],
  [DYNAMODB, '@aws-sdk/middleware-endpoint-discovery', 'client-parts.ts'],
  [DYNAMODB, '@smithy/core/serde', 'client-parts.ts'],
  [DYNAMODB, '@smithy/node-http-handler', 'client-parts.ts'],
  [DYNAMODB, '/runtimeExtensions', 'client-parts.ts'],
  [DYNAMODB, '/DynamoDBServiceException', 'errors.ts'],
];

/** The files that stand in for others. */
export const STAND_INS = [...new Set(REPLACED.map(([, , standIn]) => standIn))];

export const slimSdk = {
  name: 'slim-sdk',
  setup({ onLoad, onResolve }) {
    for (const [importers, replaced, standIn] of REPLACED) {
      const filter = new RegExp(`${replaced.startsWith('/') ? '' : '^'}${replaced.replaceAll('/', '\\/')}$`);
      onResolve({ filter }, ({ importer }) => (importers.test(importer) ? { path: join(here, standIn) } : undefined));
    }
    // With protocol.ts, all that is asked of an operation's schema is its name.
    onLoad({ filter: /client-dynamodb[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, ({ path }) => ({
      contents: [
        'export const errorTypeRegistries = [];',
        ...[...readFileSync(path, 'utf8').matchAll(/^export var (\w+)\$ = \[9,/gm)].map(
          ([, name]) => `export const ${name}$ = [9, "", "${name}"];`,
        ),
      ].join('\n'),
    }));
    onLoad({ filter: /client-dynamodb[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, ({ path }) => ({
      contents: [
        `import { named } from ${JSON.stringify(join(here, 'errors.ts'))};`,
        ...[...readFileSync(path, 'utf8').matchAll(/^export class (\w+) /gm)].map(
          ([, name]) => `export const ${name} = /* @__PURE__ */ named("${name}");`,
        ),
      ].join('\n'),
    }));
    // A list that every client's endpoint rules set again before they ask; ours has none.
    onLoad({ filter: /util-endpoints[\\/]aws\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^customEndpointFunctions\.aws = .*$/m, ''),
    }));
    // The SDK imports manifests for its user agent alone: name and version are all it needs.
    onLoad({ filter: /node_modules[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};
