import { spawnSync } from 'node:child_process';

/** Everything that CI checks, cheapest first; stops at the first thing that fails and says which it was. */
const steps = [
  ['type check', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['type check of the console page', ['node_modules/typescript/bin/tsc', '-p', 'scripts/console/page']],
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['build', ['scripts/build/main.ts']],
  ['tests', ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...process.argv.slice(2)]],
];

for (const [name, args] of steps) {
  console.log(`\n▸ ${name}`);
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\n✗ ${name} failed`);
    process.exit(status ?? 1);
  }
}
