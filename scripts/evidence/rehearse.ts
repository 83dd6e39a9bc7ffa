import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { defineProducts, type Product } from '../../lib/config/products.ts';
import type { Family } from '../../lib/protocol/call.ts';
import { GATEWAY_KINDS } from '../cli/certify/gateway/bench.ts';
import { casesOf, PRODUCT_KINDS, type ProductKind } from '../cli/certify/matrix.ts';
import { certify } from '../cli/commands/certify.ts';
import { chaos } from '../cli/commands/chaos.ts';
import { simulate } from '../cli/commands/simulate.ts';
import type { Command } from '../cli/main.ts';
import { processTerminal } from '../cli/terminal/terminal.ts';
import { chooseLives } from '../dev/demo/families.ts';
import { type ServedGateway, serveDemoGateway } from '../dev/demo/gateway.ts';
import { createReport } from '../dev/demo/report.ts';
import { type Stage, setUpStage } from '../dev/demo/stage.ts';
import { HOSTS } from '../dev/local/hosts.ts';
import { main, Problem } from '../dev/problem.ts';
import { samples } from '../dev/samples/index.ts';
import { printsHelp } from '../language/npm-help.ts';
import { waiting } from '../marketplace/calls/waiting.ts';

const COMMANDS: Readonly<Record<string, Command>> = { certify, chaos, simulate };

/** Places where KooGate can be rehearsed: on the hosts of the local run, and packaged, under Lambda's own runtime. */
const PLACES = [...HOSTS, 'lambda'] as const;

if (printsHelp('rehearse')) process.exit();

const { values: options } = parseArgs({ options: { on: { type: 'string', default: 'offline' } } });

/** Place of a rehearsal, and what is found wrong with it beside its answers. */
interface Place {
  readonly stage: Stage;
  /** Commands that are run, with their arguments. */
  readonly commands: readonly (readonly string[])[];
  /** Further rehearsals, by name: each says what it found. */
  readonly more: readonly (readonly [name: string, rehearse: () => Promise<readonly string[]>])[];
  /** Sentence that ends the report. */
  summary(): string;
}

/** Families that share their rules with a newer one; chaos among them takes a while, and is played on one host. */
const OLDER: readonly Family[] = ['kit-v1', 'license-1'];

/**
 * `npm run rehearse`, also `-- --on server` and `-- --on lambda`: certification of every product kind, chaos and a life
 * against the sample products, on data of their own. On lambda each of these once, also the life of each family, bad days
 * of AWS, and that nothing was denied or went wrong around the functions. Whatever is found fails it.
 */
await main(async () => {
  const on = PLACES.find((name) => name === options.on);
  if (on === undefined) throw new Problem(`--on takes ${PLACES.join(' or ')}, and not "${options.on}".`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130)); // what is left removes itself
  const started = Date.now();
  const { stage, commands, more, summary } = on === 'lambda' ? await onLambda() : await onHost(on);
  const gateway = await serveDemoGateway();
  const calls = countCalls(new URL(stage.server.run.route).host);
  let [failed, rehearsals] = [0, 0];
  try {
    for (const args of [...commands, ...gatewayCommands(gateway)]) {
      failed += await rehearse(args, stage.server.run.data);
      rehearsals += 1;
    }
    for (const [name, found] of more) {
      failed += tell(name, await found().catch(({ stack }: Error) => [String(stack)]));
      rehearsals += 1;
    }
  } finally {
    await gateway.stop();
    await stage.stop();
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `\n${failed} of ${rehearsals} rehearsals found something, in ${calls()} calls on ${on} under Node ` +
      `${process.versions.node}${summary()}, ${seconds} s`,
  );
  if (failed > 0) process.exitCode = 1;
});

async function onHost(on: (typeof HOSTS)[number]): Promise<Place> {
  const commands = commandsOf(on === 'server'); // first: what fails here leaves nothing running
  return { stage: await setUpStage({}, on), commands, more: [], summary: () => '' };
}

async function onLambda(): Promise<Place> {
  // The simulator takes a while to load, and is for this place alone.
  const { setUpLambda, summaryOf, wakeTimedFunctions } = await import('./lambda/stage.ts');
  const { BAD_DAYS, playBadDay } = await import('./lambda/bad-days.ts');
  const { unreadMetrics } = await import('./lambda/metrics.ts');
  const stage = await setUpLambda();
  const wrong = async () => {
    await wakeTimedFunctions(stage);
    return [...stage.problems(), ...unreadMetrics(stage.server.output())];
  };
  return {
    stage,
    commands: eachOnce(commandsOf(false)),
    more: [
      ['lives of all families', () => playLives(stage)],
      ['rights, signatures, functions and metrics', wrong],
      ...Object.keys(BAD_DAYS).map(
        (name, index) => [`a bad day: ${name}`, () => playBadDay(stage, name, `CS26010209${30 + index}`)] as const,
      ),
    ],
    summary: () => summaryOf(stage),
  };
}

/** Plays the life of each family. @returns what the demo printed, if it found something */
async function playLives(stage: Stage): Promise<readonly string[]> {
  const said: string[] = [];
  const report = createReport(
    new Writable({
      write: (chunk, _, done) => {
        said.push(String(chunk).trimEnd());
        done();
      },
    }),
  );
  for (const play of chooseLives('all')) {
    await play(stage, report).catch((error) => report.check(false, `the life ends (${error.stack})`));
  }
  return report.failed === 0 && report.passed > 0 ? [] : said;
}

/** Every command, product by product: what a product can be certified for follows from its families. */
function commandsOf(withOlder: boolean): string[][] {
  // The address is not said: each command finds the KooGate that runs on the data, and its table.
  return [...defineProducts(samples).values()].flatMap((product) => {
    const target = ['--product', product.name];
    return [
      ...kindsOf(product).map((kind) => ['certify', '--product-kind', kind, ...target]),
      ...product.families
        .filter((family) => withOlder || !OLDER.includes(family))
        .map((family) => ['chaos', '--family', family, ...target]),
      [
        'simulate',
        'life',
        '--family',
        lifeOf(product),
        '--speed',
        '864000',
        '--seed',
        '7',
        '--no-dial-tests',
        ...target,
      ],
    ];
  });
}

/** Leaves out what another product is rehearsed for already: where the runtime is in question, not the products. */
function eachOnce(commands: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const nameOf = (args: readonly string[]) => args.slice(0, args.indexOf('--product')).join(' ');
  return [...new Map(commands.toReversed().map((args) => [nameOf(args), args])).values()].toReversed();
}

/** The sample server behind the gateways is certified for both. */
function gatewayCommands({ url, key }: ServedGateway): string[][] {
  return GATEWAY_KINDS.map((kind) => [
    ...['certify', '--product-kind', kind, '--at', `${url}/${kind === 'api' ? 'apig' : 'chat'}`],
    ...['--key', `${key.name}=${key.secret}`, '--body', '{"prompt":"one two","stream":true}'],
  ]);
}

/** Counts the HTTP requests of this process to an address, but for those that only wait for something. */
function countCalls(host: string): () => number {
  let calls = 0;
  diagnostics.subscribe('http.client.request.start', (message) => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.getHeader('host') === host && waiting.getStore() === undefined) calls += 1;
  });
  return () => calls;
}

function kindsOf({ families }: Product): ProductKind[] {
  return PRODUCT_KINDS.filter(
    (kind) => kind !== 'joint' && casesOf(kind).every(({ family }) => families.includes(family)),
  );
}

function lifeOf({ families }: Product): string {
  return families.includes('kit-v2') ? 'joint' : (families[0] ?? '');
}

/** Runs one command, and keeps what it says back. */
async function rehearse(args: readonly string[], data: string): Promise<number> {
  const said: string[] = [];
  const terminal = {
    ...processTerminal([]),
    env: { ...process.env, KOOGATE_DATA: data },
    out: (text: string) => said.push(text),
    note: (text: string) => said.push(text),
    progress: () => undefined,
  };
  const product = args.includes('--product') ? args[args.indexOf('--product') + 1] : 'behind a gateway';
  const name = args.slice(0, args[0] === 'simulate' ? 2 : 3).filter((word) => !word.startsWith('--'));
  const command = COMMANDS[args[0] ?? ''];
  if (command === undefined) throw new Error(`${args[0]} is not rehearsed.`);
  const code = await command(args.slice(1), terminal);
  return tell(`${product}: ${name.join(' ')}`, code === 0 ? [] : said);
}

/** Prints one line for what is well; everything that was said for what is not. @returns the number of failures */
function tell(name: string, found: readonly string[]): number {
  console.log(`${found.length === 0 ? '✓' : '✗'} ${name}`);
  if (found.length > 0) console.log(found.join('\n'));
  return found.length === 0 ? 0 : 1;
}
