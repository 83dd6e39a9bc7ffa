import { defineProducts, type Product } from '../../lib/config/products.ts';
import { casesOf, PRODUCT_KINDS, type ProductKind } from '../cli/certify/matrix.ts';
import { certify } from '../cli/commands/certify.ts';
import { chaos } from '../cli/commands/chaos.ts';
import { simulate } from '../cli/commands/simulate.ts';
import type { Command } from '../cli/main.ts';
import { processTerminal } from '../cli/terminal/terminal.ts';
import { type Stage, setUpStage } from '../dev/demo/stage.ts';
import { main } from '../dev/problem.ts';
import { samples } from '../dev/samples/index.ts';

const COMMANDS: Readonly<Record<string, Command>> = { certify, chaos, simulate };

/**
 * `npm run rehearse`: certification of every product kind, chaos and a life against this checkout's own products, on
 * data of their own. Whatever is found fails it.
 */
await main(async () => {
  const stage = await setUpStage();
  const started = Date.now();
  let failed = 0;
  try {
    for (const args of commandsFor(stage)) failed += await rehearse(args);
  } finally {
    await stage.stop();
  }
  console.log(`\n${failed} of the rehearsals found something, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (failed > 0) process.exitCode = 1;
});

/** Every command, product by product: what a product can be certified for follows from its families. */
function commandsFor({ server }: Stage): string[][] {
  const { route, endpoint, table, secrets: file } = server.run;
  return [...defineProducts(samples).values()].flatMap((product) => {
    const target = ['--product', product.name, '--at', `${route}/${product.name}`, '--secrets', file];
    const state = ['--state-table', table, '--endpoint', endpoint];
    return [
      ...kindsOf(product).map((kind) => ['certify', '--product-kind', kind, ...target]),
      ...product.families
        .filter((family) => family !== 'kit-v1' && family !== 'license-1')
        .map((family) => ['chaos', '--family', family, ...state, ...target]),
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

function kindsOf({ families }: Product): ProductKind[] {
  return PRODUCT_KINDS.filter(
    (kind) => kind !== 'joint' && casesOf(kind).every(({ family }) => families.includes(family)),
  );
}

function lifeOf({ families }: Product): string {
  return families.includes('kit-v2') ? 'joint' : (families[0] ?? '');
}

/** One line for what is well; everything that was said for what is not. */
async function rehearse(args: readonly string[]): Promise<number> {
  const said: string[] = [];
  const terminal = {
    ...processTerminal([]),
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
