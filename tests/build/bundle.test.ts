import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bundle } from '../../scripts/build/bundle.mjs';
import { decode, encode } from '../../scripts/build/sdk/base64.ts';
import { defaultEndpointResolver } from '../../scripts/build/sdk/endpoint.ts';
import { STAND_INS } from '../../scripts/build/sdk/slim-sdk.mjs';
import { startTable, type TestTable } from '../support/table.ts';

let folder: string;
let inputs: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koogate-bundle-'));
  const metafile = await bundle({ outdir: folder });
  const used = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  inputs = [...new Set(used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))];
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundles', () => {
  test.each(['produce', 'fulfil', 'meter', 'reconcile'])('%s keeps to its budget: 240 KB, 80 KB compressed', (name) => {
    const code = readFileSync(join(folder, `${name}.cjs`));
    expect(code.length).toBeLessThanOrEqual(240_000);
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(80_000);
  });

  test('hold each stand-in, and nothing of what it stands in for', () => {
    expect(
      inputs
        .filter((path) => path.startsWith('scripts/build/sdk/'))
        .map((path) => path.slice('scripts/build/sdk/'.length))
        .sort(),
    ).toEqual([...STAND_INS].sort());
    const unwanted =
      /credential-provider-(?!env)|nested-clients|event-streams\/|mnemonist|fast-sha256|stablelib|parseIni|json\/codec|NormalizedSchema|user-agent|s3\.js|AdaptiveRetry|dynamodb-codec/;
    expect(inputs.filter((path) => path.includes('node_modules/') && unwanted.test(path))).toEqual([]);
  });

  test('hold no scripts, tests or development packages', () => {
    const others = inputs.filter((path) => !/^(lib|handlers|node_modules|scripts\/build\/sdk)\//.test(path));
    expect(others).toEqual([]);
  });
});

describe('what stands in for parts of the SDK', () => {
  test('gives the endpoints that the SDK gives, in every partition it knows', () => {
    const { endpointProvider } = new DynamoDBClient({ region: 'eu-west-1' }).config;
    const regions = fc.constantFrom(
      'eu-west-1',
      'us-east-1',
      'mx-central-1',
      'cn-north-1',
      'us-gov-west-1',
      'il-central-1',
    );
    const question = fc.record({ Region: regions, UseFIPS: fc.boolean(), UseDualStack: fc.boolean() });
    fc.assert(
      fc.property(question, (asked) => {
        const theirs = endpointProvider({ ...asked, AccountIdEndpointMode: 'preferred' });
        expect(defaultEndpointResolver(asked).url.href).toBe(theirs.url.href);
      }),
    );
  });

  test.each(['us-iso-east-1', 'eusc-de-east-1', ''])('says what to set in region %p', (Region) => {
    expect(() => defaultEndpointResolver({ Region })).toThrow('AWS_ENDPOINT_URL_DYNAMODB');
  });

  test('reads and writes base64', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect([...decode(encode(bytes))]).toEqual([...bytes])));
    expect(() => decode('no base64!')).toThrow('incorrect characters');
  });

  describe('and the client of the bundles on an engine', () => {
    let engine: TestTable;

    beforeAll(async () => {
      engine = await startTable();
      await bundle({ entries: ['tests/support/bundled-client.ts'], outdir: folder });
    });

    afterAll(() => engine.stop());

    async function run(env: Record<string, string>): Promise<unknown> {
      const child = spawn(process.execPath, [join(folder, 'bundled-client.cjs'), engine.table.name], {
        env: { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_DYNAMODB: engine.engine, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return JSON.parse(await text(child.stdout));
    }

    test('finds credentials and endpoint in the environment, gets old images and the names of errors', async () => {
      expect(await run({ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' })).toEqual({
        read: { pk: 'a', sk: 'b', n: 1 },
        refused: { name: 'ConditionalCheckFailedException', item: { pk: 'a', sk: 'b', n: 1 } },
        missing: { name: 'ResourceNotFoundException' },
        // an error whose class is left out
        leftOut: { name: 'ResourceInUseException' },
      });
    });

    test('says which variables hold credentials when there are none', async () => {
      expect(await run({})).toEqual({ failed: expect.stringContaining('AWS_ACCESS_KEY_ID') });
    });
  });
});
