import { expect, test } from '@jest/globals';
import { operate } from '../cli/operator/operate.ts';

test.each(['usage', 'reconcile'])('koogate %s --help says what can be asked, and does nothing', async (command) => {
  const { code, output } = await operate([command, '--help']);
  expect(output).toContain(`koogate ${command}`);
  expect(code).toBe(0);
});

test('an option that is not known ends with a sentence, not with a stack', async () => {
  const { code, output } = await operate(['reconcile', '--repare']);
  expect(output).toMatch(/no option --repare/);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
});
