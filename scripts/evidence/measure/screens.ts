import { SENTENCES } from '../../cli/messages/index.ts';
import { pageSentences } from '../../console/sentences.ts';

/** The Chinese of all that commands and the console page say; sentences of commands that people type are left as they are. */
export function chineseSentences(): readonly { readonly id: string; readonly text: string }[] {
  return Object.entries({ ...SENTENCES, ...pageSentences }).map(([id, [, text]]) => ({
    id,
    text: withoutCommands(text),
  }));
}

/** Leaves out lines that are typed: indented ones, and those that begin with a command. */
function withoutCommands(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s+|^(npm|koogate|npx|curl) /.test(line))
    .join('\n');
}
