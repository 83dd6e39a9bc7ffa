import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAMILIES } from '../../lib/protocol/families.ts';
import { PACKAGE_ROOT } from '../build/roots.ts';
import { main, Problem } from '../dev/problem.ts';
import { printsHelp } from '../language/npm-help.ts';

if (printsHelp('test:foreign')) process.exit();

/*
 * `npm run test:foreign`: `npm test` in a clean clone of what is committed, first as it is and then with a product of a
 * made-up name and family in the place of the samples, as a seller would have it. Both must be green, with as many tests.
 * The commit decides on name and family: another commit has others, and the same one the same.
 */

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-foreign-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const clone = join(folder, 'clone');
  run(PACKAGE_ROOT, 'git', ['clone', '--quiet', '--no-hardlinks', PACKAGE_ROOT, clone]);
  cpSync(join(PACKAGE_ROOT, 'node_modules'), join(clone, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const own = test(clone, join(folder, 'own.json'));
  writeFileSync(join(clone, 'koogate.config.ts'), foreignConfig(commitOf(clone)));
  const foreign = test(clone, join(folder, 'foreign.json'));
  if (foreign !== own) {
    throw new Problem(`With a foreign product ${foreign} tests ran, and ${own} with the samples: some depend on them.`);
  }
  console.log(`${foreign} passed, 0 failed`);
});

function commitOf(clone: string): string {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: clone, encoding: 'utf8' });
  if (/^[0-9a-f]{40}/.test(stdout)) return stdout.slice(0, 40);
  throw new Problem(`Expected a commit in ${clone}, and found "${stdout.trim()}": commit first.`);
}

/** Settings with one product, whose name and family are made of a commit. */
function foreignConfig(commit: string): string {
  const name = `product-${commit.slice(0, 8)}`;
  const families = Object.keys(FAMILIES);
  const family = families[Number.parseInt(commit.slice(8, 16), 16) % families.length] ?? 'saas-v2';
  console.log(`▸ product "${name}" of the family ${family} in the place of the samples`);
  return `import { defineConfig } from './lib/config/config.ts';

const done = async () => undefined;

export default defineConfig({
  service: 'foreign-shop',
  products: {
    '${name}': {
      seller: {
        provision: async () => ({}),
        renew: done,
        freeze: done,
        unfreeze: done,
        upgrade: done,
        release: done,
      },
      families: ['${family}'],
    },
  },
  stages: { live: { region: 'eu-west-1', purpose: 'test' } },
});
`;
}

/** Runs `npm test`. @returns the number of tests @throws Problem with what it wrote, unless all is green */
function test(clone: string, report: string): number {
  run(clone, 'npm', ['test', '--', '--json', `--outputFile=${report}`]);
  const { numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(`✓ npm test: ${numTotalTests} tests`);
  return numTotalTests;
}

function run(cwd: string, command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status === 0) return;
  // The report goes to a file; of the rest the end says what failed.
  throw new Problem(`${command} ${args.join(' ')} failed:\n${stdout.slice(-20_000)}\n${stderr.slice(-40_000)}`);
}
