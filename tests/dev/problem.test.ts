import { expect, test } from '@jest/globals';
import { runCommand } from '../support/command.ts';

test.each(['usage', 'reconcile'])('npm run %s -- --help says what can be asked, and does nothing', async (command) => {
  const { code, output } = await runCommand(`cli/operator/${command}.ts`, ['--help'], {});
  expect(output).toContain(`npm run ${command}`);
  expect(code).toBe(0);
});

test('an option that is not known ends with a sentence, not with a stack', async () => {
  const { code, output } = await runCommand('cli/operator/reconcile.ts', ['--repare'], {});
  expect(output).toMatch(/Unknown option '--repare'/);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});
