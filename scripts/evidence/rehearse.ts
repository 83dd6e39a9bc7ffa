import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { parseArgs } from 'node:util';
import { defineProducts, type Product } from '../../lib/config/products.ts';
import { casesOf, PRODUCT_KINDS, type ProductKind } from '../cli/certify/matrix.ts';
import { certify } from '../cli/commands/certify.ts';
import { chaos } from '../cli/commands/chaos.ts';
import { simulate } from '../cli/commands/simulate.ts';
import type { Command } from '../cli/main.ts';
import { processTerminal } from '../cli/terminal/terminal.ts';
import { setUpStage } from '../dev/demo/stage.ts';
import { HOSTS } from '../dev/local/hosts.ts';
import { main, Problem } from '../dev/problem.ts';
import { samples } from '../dev/samples/index.ts';

const COMMANDS: Readonly<Record<string, Command>> = { certify, chaos, simulate };

const { values: options } = parseArgs({ options: { on: { type: 'string', default: 'offline' } } });

/**
 * `npm run rehearse`, also `npm run rehearse -- --on server`: certification of every product kind, chaos and a life against this checkout's own products, on
 * data of their own. Whatever is found fails it.
 */
await main(async () => {
  const on = HOSTS.find((name) => name === options.on);
  if (on === undefined) throw new Problem(`--on takes ${HOSTS.join(' or ')}, and not "${options.on}".`);
  const stage = await setUpStage({}, on);
  const calls = countCalls(new URL(stage.server.run.route).host);
  const started = Date.now();
  let [failed, commands] = [0, 0];
  try {
    for (const args of commandsOf()) {
      failed += await rehearse(args, stage.server.run.data);
      commands += 1;
    }
  } finally {
    await stage.stop();
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `\n${failed} of ${commands} rehearsals found something, in ${calls()} calls on ${on} under Node ${process.versions.node}, ${seconds} s`,
  );
  if (failed > 0) process.exitCode = 1;
});

/** Every command, product by product: what a product can be certified for follows from its families. */
function commandsOf(): string[][] {
  // The address is not said: each command finds the KooGate that runs on the data, and its table.
  return [...defineProducts(samples).values()].flatMap((product) => {
    const target = ['--product', product.name];
    return [
      ...kindsOf(product).map((kind) => ['certify', '--product-kind', kind, ...target]),
      ...product.families
        .filter((family) => family !== 'kit-v1' && family !== 'license-1')
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

/** Counts the HTTP requests of this process to an address. */
function countCalls(host: string): () => number {
  let calls = 0;
  diagnostics.subscribe('http.client.request.start', (message) => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.getHeader('host') === host) calls += 1;
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

/** One line for what is well; everything that was said for what is not. */
async function rehearse(args: readonly string[], data: string): Promise<number> {
  const said: string[] = [];
  const terminal = {
    ...processTerminal([]),
    env: { ...process.env, KOOGATE_DATA: data },
    out: (text: string) => said.push(text),
    note: (text: string) => said.push(text),
    progress: () => undefined,
  };
  const product = args[args.indexOf('--product') + 1];
  const name = args.slice(0, args[0] === 'simulate' ? 2 : 3).filter((word) => !word.startsWith('--'));
  const command = COMMANDS[args[0] ?? ''];
  if (command === undefined) throw new Error(`${args[0]} is not rehearsed.`);
  const code = await command(args.slice(1), terminal);
  console.log(`${code === 0 ? '✓' : '✗'} ${product}: ${name.join(' ')}`);
  if (code !== 0) console.log(said.join('\n'));
  return code === 0 ? 0 : 1;
}
