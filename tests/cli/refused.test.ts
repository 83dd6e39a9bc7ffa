import { expect, test } from '@jest/globals';
import { stopWhenRefused } from '../../scripts/cli/terminal/refused.ts';

const refused = { kind: 'failure', reason: 'no-connection', detail: 'ECONNREFUSED', milliseconds: 1 } as const;
const lost = { kind: 'failure', reason: 'connection-lost', detail: 'ECONNRESET', milliseconds: 1 } as const;
const answered = { kind: 'answer', status: 500, headers: {}, body: Buffer.alloc(0), milliseconds: 1 } as const;

test('a server that has never answered, and one that has ended meanwhile, are told apart', () => {
  const at = 'http://127.0.0.1:1/';
  const never = stopWhenRefused(at);
  never(lost);
  expect(() => never(refused)).toThrow(expect.objectContaining({ id: 'problem.refused', exit: 1 }));
  const ended = stopWhenRefused(at);
  ended(answered);
  ended(lost);
  expect(() => ended(refused)).toThrow(expect.objectContaining({ id: 'problem.server-ended', exit: 1 }));
});
