/*
 * Serverless plugin: makes a bare `serverless offline` a whole local KooGate, and builds the bundles before they are
 * packaged. What it starts is described in scripts/dev/local/; this file only fits it into Serverless' hooks.
 */

/** First Node whose type stripping runs our TypeScript without a flag. */
const OLDEST_NODE = [22, 18];

export default class LocalPlugin {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.options = options;
    this.hooks = {
      'before:offline:start': () => this.up(),
      'before:offline:start:init': () => this.up(),
      'before:package:initialize': () => this.build(),
    };
  }

  async build() {
    const { bundle } = await import('../build/bundle.mjs');
    await bundle();
  }

  async up() {
    this.refuseOldNode();
    const { readSettings } = await import('./local/settings.ts');
    const { runLocally } = await import('./local/run.ts');
    try {
      const port = this.options.httpPort ?? process.env.PORT;
      const settings = readSettings({ ...process.env, PORT: port });
      const { service } = this.serverless;
      await runLocally(settings, () => this.build(), service.functions);
      service.custom = { ...service.custom, 'serverless-offline': await offlineOptions(service.custom, settings) };
    } catch (error) {
      const text = error.name === 'Problem' ? error.message : error.stack;
      if (process.send) {
        await new Promise((sent) => process.send({ problem: text }, sent));
        process.exit(1);
      }
      throw new this.serverless.classes.Error(text, 'KOOGATE_LOCAL'); // printed without Serverless' own stack
    }
  }

  refuseOldNode() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
    throw new this.serverless.classes.Error(
      `The local run needs Node ${OLDEST_NODE.join('.')} or later, and this is ${process.versions.node}. ` +
        '`npm start` and `npx serverless offline` take the one that npm installed.',
      'KOOGATE_LOCAL',
    );
  }
}

/** In process (workers take gigabytes and time out under load), on loopback only, with no second fixed port. */
async function offlineOptions(custom, settings) {
  const { freePort } = await import('./engine.ts');
  return {
    ...custom?.['serverless-offline'],
    host: '127.0.0.1',
    httpPort: settings.port,
    lambdaPort: await freePort(),
    useInProcess: true,
    noPrependStageInUrl: true,
    noSponsor: true,
  };
}
