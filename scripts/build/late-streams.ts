import { readFile } from 'node:fs/promises';
import * as streams from 'node:stream/web';
import type { Plugin } from 'esbuild';

const NAMES = Object.keys(streams).filter((name) => name !== 'default');

/**
 * Lets Node load its web streams when they are first used: middy asks for them at once, for answers in streams, which no
 * function gives, and loading them is a fifteenth of a cold start. A file gets those that its text names.
 */
export const lateStreams: Plugin = {
  name: 'late-streams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:stream\/web$/, namespace: 'file' }, ({ importer }) => ({
      path: `streams of ${importer}!`, // one for each importer
      namespace: 'late-streams',
      pluginData: importer,
    }));
    onLoad({ filter: /.*/, namespace: 'late-streams' }, async ({ pluginData: importer }) => {
      const text = await readFile(importer, 'utf8');
      const getters = NAMES.filter((name) => text.includes(name)).map(
        (name) => `get ${name}() { return process.getBuiltinModule('node:stream/web').${name}; }`,
      );
      return { contents: `module.exports = { ${getters.join(', ')} };` };
    });
  },
};
