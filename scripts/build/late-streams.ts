import type { Plugin } from 'esbuild';

/**
 * Lets Node load its web streams when they are first used: middy asks for them at once, for answers in streams, which no
 * function gives, and loading them is a fifteenth of a cold start.
 */
export const lateStreams: Plugin = {
  name: 'late-streams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:stream\/web$/ }, ({ path }) => ({ path, namespace: 'late-streams' }));
    onLoad({ filter: /.*/, namespace: 'late-streams' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      return {
        contents: `for (const name of ${JSON.stringify(names)}) {
          const get = () => process.getBuiltinModule('${path}')[name];
          Object.defineProperty(exports, name, { enumerable: true, get });
        }`,
      };
    });
  },
};
