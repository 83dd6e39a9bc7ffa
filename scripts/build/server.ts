import { basename, dirname } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { serverPath } from '../../handlers/factories.ts';
import { FORM, ownMapsOnly, writeOutputs } from './bundle.ts';

/** Name of the server's one file, in the folder that bundles are written to. */
export const SERVER_FILE = 'server.cjs';

/** First Node that the server runs on. */
const OLDEST_NODE = [22, 18] as const;

/** Said, in front of everything, to a Node that cannot run what follows. */
const BANNER = `'use strict';
(function () {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > ${OLDEST_NODE[0]} || (version[0] === ${OLDEST_NODE[0]} && version[1] >= ${OLDEST_NODE[1]})) return;
  console.error('KooGate needs Node ${OLDEST_NODE.join('.')} or newer, and this is ' + process.versions.node + ': install a newer one, or start the server with it.');
  process.exit(2);
})();`;

/** A server to be bundled. */
export interface ServerBundleOptions {
  /** Path of the settings that it is made with. */
  readonly configFile: string;
  /** Path of the file to write; the map of its sources lies beside it. */
  readonly outfile: string;
}

/**
 * Bundles the server host of an installation to one file, with every package in it: the machine that runs it needs Node
 * and nothing else.
 */
export async function bundleServer(options: ServerBundleOptions): Promise<Metafile> {
  const { outputFiles, metafile } = await build(serverBundleOptions(options));
  writeOutputs(outputFiles);
  return metafile;
}

/** Gives esbuild's options for the server. */
export function serverBundleOptions({ configFile, outfile }: ServerBundleOptions) {
  return {
    ...FORM,
    target: 'node22',
    external: ['pg-native'], // asked for only by who wants it, and needs a compiler
    banner: { js: BANNER },
    absWorkingDir: dirname(configFile),
    entryPoints: [{ in: 'koogate:server', out: basename(outfile, '.cjs') }],
    outdir: dirname(outfile),
    plugins: [entry(configFile), ownMapsOnly],
  } as const satisfies BuildOptions;
}

function entry(configFile: string): Plugin {
  return {
    name: 'koogate-server',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^koogate:server$/ }, ({ path }) => ({ path, namespace: 'koogate-server' }));
      onLoad({ filter: /.*/, namespace: 'koogate-server' }, () => ({
        contents: [
          `import config from ${JSON.stringify(configFile)};`,
          `import { serverMain } from ${JSON.stringify(serverPath())};`,
          'void serverMain(config, process.env);',
        ].join('\n'),
        resolveDir: dirname(configFile),
      }));
    },
  };
}
