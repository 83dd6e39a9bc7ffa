import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError, type GatewayHandler } from 'koogate/gateway';

/** Answers a proven call: at once, or word by word where the buyer asks for a stream. */
export const chat: GatewayHandler = async ({ answer, body, stream, signal }) => {
  const { prompt, isStream } = readQuestion(String(await body()));
  if (isStream) return stream(eventsOf(prompt, signal));
  const content = prompt.toReversed().join(' ');
  answer({ choices: [{ message: { role: 'assistant', content } }] }, billed(prompt));
};

/** Amount that is billed: tokens that went in and out. Your model and its tokenizer say how many. */
function billed(prompt: readonly string[]) {
  return { 'usage.prompt_tokens': prompt.length, 'usage.completion_tokens': prompt.length };
}

/** Stands for a model: says the words of the prompt backwards, and its usage in a last event, as most models do. */
async function* eventsOf(prompt: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  for (const word of prompt.toReversed()) {
    yield event({ choices: [{ delta: { content: `${word} ` } }] });
    await pause(50, undefined, { signal });
  }
  yield event({ choices: [], usage: { prompt_tokens: prompt.length, completion_tokens: prompt.length } });
  yield 'data: [DONE]\n\n';
}

function event(members: object): string {
  return `data: ${JSON.stringify(members)}\n\n`;
}

/** A question that cannot be answered is a failure, which is not billed. */
function readQuestion(text: string): { prompt: readonly string[]; isStream: boolean } {
  let asked: { prompt?: unknown; stream?: unknown } = {};
  try {
    asked = Object(JSON.parse(text));
  } catch {
    // not JSON: refused below
  }
  if (typeof asked.prompt === 'string') return { prompt: asked.prompt.split(/\s+/), isStream: asked.stream === true };
  throw new GatewayError(400, 'no-prompt', 'Send a JSON object with a member "prompt".');
}
