import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { lateStreams } from '../../scripts/build/late-streams.ts';
import { temporaryFolder } from '../support/command.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const PROGRAM = `
import { ReadableStream, TransformStream } from 'node:stream/web';
const isLoaded = () => process.moduleLoadList.includes('NativeModule internal/webstreams/transformstream');
const before = isLoaded();
const areThose = new ReadableStream() instanceof globalThis.ReadableStream && TransformStream === globalThis.TransformStream;
console.log(JSON.stringify({ before, areThose, after: isLoaded() }));
`;

async function run(plugins: readonly (typeof lateStreams)[]): Promise<unknown> {
  const file = join(folder.path, 'program.mjs');
  writeFileSync(file, PROGRAM);
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    plugins: [...plugins],
  });
  const code = outputFiles[0]?.text ?? '';
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }));
}

test('web streams are those of Node, loaded when they are first used', async () => {
  expect(await run([lateStreams])).toEqual({ before: false, areThose: true, after: true });
});

test('without it they are loaded at once', async () => {
  expect(await run([])).toEqual({ before: true, areThose: true, after: true });
});
