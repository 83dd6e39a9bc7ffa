import { describe, expect, test } from '@jest/globals';
import { run } from '../../scripts/cli/main.ts';
import { speaker } from '../../scripts/cli/messages/index.ts';
import { COMMANDS } from '../../scripts/koogate.ts';
import { koogate } from './desk.ts';

const NAMES = Object.keys(COMMANDS);

describe('koogate', () => {
  test('lists its commands, and loads none of them for that', async () => {
    const commands = Object.fromEntries(
      Object.entries(COMMANDS).map(([name, { summary }]) => [
        name,
        { summary, load: () => Promise.reject(new Error(`${name} was loaded.`)) },
      ]),
    );
    const said: string[] = [];
    const terminal = { locale: 'zh', say: speaker('zh'), out: (text: string) => said.push(text) } as const;
    expect(await run(['--help'], Object(terminal), commands)).toBe(0);
    for (const [name, { summary }] of Object.entries(COMMANDS)) {
      expect(said.join()).toMatch(new RegExp(`^ +${name} +${summary[1]}$`, 'm'));
    }
  });

  test.each(NAMES)('%s has a help in both languages, with its name and examples', async (name) => {
    const english = await koogate([name, '--help']);
    const chinese = await koogate([name, '--help', '--lang', 'zh']);
    expect([english.code, chinese.code]).toEqual([0, 0]);
    expect(english.out).toMatch(new RegExp(`^koogate ${name}[ :]`));
    expect(english.out).toContain('Examples:');
    expect(chinese.out).toMatch(/^koogate [\s\S]*[\u4e00-\u9fff][\s\S]*示例：/);
    expect(`${english.out}${chinese.out}`).not.toMatch(/\{(?!instanceId)\w+\}/);
  });

  test.each(NAMES)('%s ends with 2 and one sentence for an option that it does not know', async (name) => {
    const { code, out, notes } = await koogate([name, '--nonsense']);
    expect([code, out, notes.split('\n').length]).toEqual([2, '', 1]);
    expect(notes).toContain('--nonsense');
  });

  test('lists the commands for one that is none', async () => {
    const { code, notes } = await koogate(['sell']);
    expect([code, notes]).toEqual([2, expect.stringContaining('start, demo, curl')]);
  });

  test.each([
    ['CredentialsProviderError', undefined, 'AWS knows nobody here: sign in', 2],
    ['AccessDeniedException', {}, 'AWS refused (AccessDeniedException): no', 1],
  ])('says in one sentence that AWS answered with %s', async (name, $metadata, sentence, code) => {
    const error = Object.assign(new Error('no'), { name, $metadata });
    const notes: string[] = [];
    const terminal = { locale: 'en', say: speaker('en'), note: (text: string) => notes.push(text) };
    const commands = { x: { summary: ['', ''] as const, load: () => Promise.reject(error) } };
    expect(await run(['x'], Object(terminal), commands)).toBe(code);
    expect(notes).toEqual([expect.stringContaining(sentence)]);
  });
});
