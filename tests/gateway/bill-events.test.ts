import { describe, expect, test } from '@jest/globals';
import { billEvents, type EventsEnd } from '../../lib/gateway/bill-events.ts';
import { type Billed, TOKENS } from '../../lib/gateway/billed.ts';

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const text = event({ choices: [{ delta: { content: '你好' } }] });
const usage = (prompt: number, completion: number) => ({ prompt_tokens: prompt, completion_tokens: completion });
const final = (prompt: number, completion: number) =>
  event({ choices: [], usage: { ...usage(prompt, completion), total_tokens: prompt + completion } });
const DONE = 'data: [DONE]\n\n';

async function* from(chunks: readonly (string | Uint8Array)[], fault?: Error) {
  for (const chunk of chunks) yield chunk;
  if (fault !== undefined) throw fault;
}

interface Run {
  readonly fault?: Error;
  readonly paths?: readonly string[];
  readonly billed?: () => Billed;
  readonly maxEvent?: number;
}

async function run(chunks: readonly (string | Uint8Array)[], options: Run = {}) {
  const { fault, paths = TOKENS, billed, maxEvent = 1_000 } = options;
  const events = billEvents(from(chunks, fault), { paths, billed, maxEvent });
  const sent: string[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { sent, end: next.value satisfies EventsEnd };
    sent.push(next.value);
  }
}

describe('the billed members of a stream', () => {
  test('stand in one event before the end, with the numbers of the model', async () => {
    const { sent, end } = await run([text, event({ id: 'x', choices: [], usage: usage(3, 4) }), DONE]);
    expect(sent).toEqual([text, event({ id: 'x', choices: [], usage: { ...usage(3, 4), total_tokens: 7 } }), DONE]);
    expect(end).toEqual({ billed: { 'usage.prompt_tokens': 3, 'usage.completion_tokens': 4 }, isUnbilled: false });
  });

  test('are taken out of earlier events, whose last numbers count', async () => {
    const counted = (n: number) => ({ choices: [{ delta: { content: `${n}` } }], usage: usage(3, n) });
    const { sent } = await run([`event: a\nid: 1\n${event(counted(1))}`, event(counted(2)), DONE]);
    const stripped = (n: number) => event({ choices: [{ delta: { content: `${n}` } }] });
    expect(sent).toEqual([`event: a\nid: 1\n${stripped(1)}`, stripped(2), final(3, 2), DONE]);
  });

  test('are the seller’s own count, if there is one', async () => {
    const billed = () => ({ 'usage.completion_tokens': 9 });
    expect((await run([text, event({ choices: [], usage: usage(3, 4) }), DONE], { billed })).sent[1]).toBe(final(3, 9));
  });

  test('are sent where the stream breaks, and where it ends without a mark', async () => {
    const chunks = [text, event({ choices: [], usage: usage(3, 4) }), 'data: {"cut'];
    const fault = new Error('broken');
    const broken = await run(chunks, { fault });
    expect(broken.sent).toEqual([text, final(3, 4)]);
    expect(broken.end.fault).toBe(fault);
    expect((await run(chunks)).sent).toEqual([text, 'data: {"cut\n\n', final(3, 4)]);
  });

  test('are 0 where nobody counted, which is said', async () => {
    const { sent, end } = await run([text, event({ choices: [], usage: { prompt_tokens: '3' } }), DONE]);
    expect(sent.at(-2)).toBe(final(0, 0));
    expect(end.isUnbilled).toBe(true);
  });

  test('may have names of their own, beside which nothing is taken out', async () => {
    const chunks = [event({ out: { n: 1, text: 'a' } }), DONE];
    expect((await run(chunks, { paths: ['out.n'] })).sent).toEqual([
      event({ out: { text: 'a' } }),
      event({ out: { n: 1 } }),
      DONE,
    ]);
  });

  test('are none for a product that is billed by calls', async () => {
    const chunks = [text, event({ usage: usage(1, 2) }), DONE];
    expect(await run(chunks, { paths: [] })).toEqual({ sent: chunks, end: { billed: {}, isUnbilled: false } });
  });
});

describe('events', () => {
  test.each([1, 2, 3, 5, 7])('are the same however they are cut: %s bytes at a time', async (size) => {
    const events = [': ping\n\n', 'data: a\r\ndata: b\r\n\r\n', text, 'data: c\r\r', event({ usage: usage(1, 2) })];
    const bytes = Buffer.from([...events, DONE].join(''));
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, n * size + size),
    );
    expect((await run(chunks)).sent.join('')).toBe([...events.slice(0, 4), event({}), final(1, 2), DONE].join(''));
  });

  test.each([1, 2, 3, 5, 7])(
    'keep their line ends whole, though one between them is taken out: %s bytes at a time',
    async (size) => {
      const crlf = (value: unknown) => event(value).replaceAll('\n', '\r\n');
      const first = crlf({ choices: [{}], usage: null });
      const bytes = Buffer.from(`${first}${crlf({ choices: [], usage: usage(1, 2) })}data: [DONE]\r\n\r\n`);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, n * size + size),
      );
      const sent = (await run(chunks.flatMap((chunk) => [chunk, new Uint8Array()]))).sent.join('');
      expect(sent.startsWith(`${first}data: {"choices":[],"usage"`)).toBe(true);
      expect(sent).not.toMatch(/\r(?!\n)/);
    },
  );

  test('are handed on before the next one is there', async () => {
    let isAsked = false;
    const source = async function* () {
      yield text;
      isAsked = true;
      yield DONE;
    };
    const events = billEvents(source(), { paths: TOKENS, billed: undefined, maxEvent: 1_000 });
    expect((await events.next()).value).toBe(text);
    expect(isAsked).toBe(false);
  });

  test('fail as a whole if the stream breaks before the first one', async () => {
    await expect(run([], { fault: new Error('broken') })).rejects.toThrow('broken');
    await expect(run([DONE])).rejects.toThrow(/before its first event/);
  });

  test('are not gathered without bounds', async () => {
    const { end } = await run([text, 'data: ', 'x'.repeat(1_000)]);
    expect(end.fault).toMatchObject({ message: expect.stringContaining('maxEvent') });
  });
});
