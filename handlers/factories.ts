import { fileURLToPath } from 'node:url';

/** Extension of this package's modules: `.ts` in the repository, `.js` in the package. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Path of the module that exports a function's factory, `<name>Function(config, env)`; bundles are made of it. */
export function factoryPath(name: string): string {
  return fileURLToPath(new URL(`./${name}${EXTENSION}`, import.meta.url));
}

/** Path of the module that exports the server's program, `serverMain(config, env)`. */
export function serverPath(): string {
  return factoryPath('server/main');
}
