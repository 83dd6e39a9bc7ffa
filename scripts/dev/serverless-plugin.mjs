/*
 * Serverless plugin: makes a bare `serverless offline` a whole local KooGate, and builds the bundles before they are
 * packaged. What it starts is described in ./local/, what it checks in ./stage.ts; this file only fits it into
 * Serverless' hooks.
 */

/** First Node whose type stripping runs TypeScript without a flag. */
const OLDEST_NODE = [22, 18];

/** Region that Serverless takes where none is stated. */
const DEFAULT_REGION = 'us-east-1';

/** Modules beside this one: TypeScript in the repository, JavaScript in the package. */
const EXTENSION = import.meta.filename.includes('node_modules') ? '.js' : '.ts';
const load = (name) => import(new URL(`${name}${EXTENSION}`, import.meta.url).href);

export default class KooGatePlugin {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.options = options;
    this.configurationVariablesSources = {
      koogate: { resolve: ({ address = '' }) => this.plainly(() => this.resolve(address)) },
    };
    this.hooks = {
      'before:offline:start': () => this.up(),
      'before:offline:start:init': () => this.up(),
      'before:package:initialize': () => this.package(),
      'before:deploy:deploy': () => this.plainly(async () => (await load('./stage')).beforeDeploy(this.place())),
      'after:deploy:deploy': () => this.plainly(async () => (await load('./stage')).afterDeploy(this.place())),
    };
  }

  /** Fits what the stage's settings add into the service, before Serverless resolves the variables in it. */
  async asyncInit() {
    const { isHelpRequest, commands } = this.serverless.processedInput;
    if (isHelpRequest || commands[0] === 'plugin') return;
    await this.plainly(async () => {
      const { region, events, functions, resources } = await (await load('./stage')).readAdditions(this.stage());
      this.useRegion(region);
      this.append('functions', functions);
      this.append('resources', resources);
      if (events.length > 0) this.extendProduce(events);
    });
  }

  /** The region is the stage's, unless another one is stated somewhere: then the check before packaging refuses it. */
  useRegion(region) {
    const stated = this.serverless.getProvider('aws').getRegion();
    if (stated === DEFAULT_REGION && !this.options.region) {
      this.serverless.extendConfiguration(['provider', 'region'], region);
    }
  }

  append(part, additions) {
    if (additions.length === 0) return;
    const present = this.serverless.configurationInput[part] ?? [];
    this.serverless.extendConfiguration([part], [present, additions].flat());
  }

  extendProduce(events) {
    const { functions } = this.serverless.configurationInput;
    const isList = Array.isArray(functions);
    const index = isList ? functions.findIndex((map) => map?.produce) : -1;
    const path = ['functions', ...(isList ? [String(index)] : []), 'produce', 'events'];
    const present = (isList ? functions[index] : functions)?.produce?.events ?? [];
    this.serverless.extendConfiguration(path, [...present, ...events]);
  }

  async resolve(address) {
    return { value: await (await load('./stage')).resolveVariable(address, this.stage()) };
  }

  /** Name of the stage that is meant; `serverless offline` is a stage of its own. */
  stage() {
    if (this.serverless.processedInput.commands[0] === 'offline') return 'local';
    return this.serverless.getProvider('aws').getStage();
  }

  /** Folder of the service and the stage that is meant. */
  place() {
    const { serviceDir, service } = this.serverless;
    const aws = this.serverless.getProvider('aws');
    return {
      root: serviceDir,
      service: service.service,
      stage: this.stage(),
      region: aws.getRegion(),
      credentials: aws.getAwsSdkV3CredentialsProvider(),
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
        await new Promise((sent) => process.send({ problem: text, chinese: error.chinese }, sent));
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
