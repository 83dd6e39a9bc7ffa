/*
 * Serverless plugin: makes a bare `serverless offline` a whole local KooGate, and builds the bundles before they are
 * packaged. What it starts is described in ./local/, what it checks in ./stage.ts; this file only fits it into
 * Serverless' hooks.
 */

/** First Node whose type stripping runs TypeScript without a flag. */
const OLDEST_NODE = [22, 18];

/** Modules beside this one: TypeScript in the repository, JavaScript in the package. */
const EXTENSION = import.meta.filename.includes('node_modules') ? '.js' : '.ts';
const load = (name) => import(new URL(`${name}${EXTENSION}`, import.meta.url).href);

export default class KooGatePlugin {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.options = options;
    this.configurationVariablesSources = {
      koogate: { resolve: (source) => this.plainly(async () => (await load('./stage')).resolveVariable(source)) },
    };
    this.hooks = {
      'before:offline:start': () => this.up(),
      'before:offline:start:init': () => this.up(),
      'before:package:initialize': () => this.package(),
      'before:deploy:deploy': () => this.plainly(async () => (await load('./stage')).beforeDeploy(this.place())),
      'after:deploy:deploy': () => this.plainly(async () => (await load('./stage')).afterDeploy(this.place())),
    };
  }

  /** Folder of the service and the stage that is meant. */
  place() {
    const { serviceDir, service } = this.serverless;
    const aws = this.serverless.getProvider('aws');
    return {
      root: serviceDir,
      service: service.service,
      stage: aws.getStage(),
      region: aws.getRegion(),
      warn: (text) => console.error(text),
    };
  }

  async package() {
    await this.plainly(async () => (await load('./stage')).preparePackage(this.place()));
  }

  async up() {
    this.refuseOldNode();
    await this.plainly(async () => {
      const { readSettings } = await load('./local/settings');
      const { runLocally } = await load('./local/run');
      const port = this.options.httpPort ?? process.env.PORT;
      const settings = readSettings({ ...process.env, PORT: port });
      const { service } = this.serverless;
      await runLocally(settings, service.functions);
      service.custom = { ...service.custom, 'serverless-offline': await offlineOptions(service.custom, settings) };
    });
  }

  /** Prints what a person can put right as it is, without a stack of Serverless'. */
  async plainly(run) {
    try {
      return await run();
    } catch (error) {
      const text = ['Problem', 'ConfigError', 'ProductsMissing'].includes(error.name) ? error.message : error.stack;
      if (process.send) {
        await new Promise((sent) => process.send({ problem: text }, sent));
        process.exit(1);
      }
      throw new this.serverless.classes.Error(text, 'KOOGATE');
    }
  }

  refuseOldNode() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
    throw new this.serverless.classes.Error(
      `The local run needs Node ${OLDEST_NODE.join('.')} or later, and this is ${process.versions.node}. ` +
        '`npm start` and `npx serverless offline` take the one that npm installed.',
      'KOOGATE',
    );
  }
}

/** In process (workers take gigabytes and time out under load), on loopback only, with no second fixed port. */
async function offlineOptions(custom, settings) {
  const { freePort } = await load('./engine');
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
