import { setImmediate as turn } from 'node:timers/promises';
import {
  agentsGateway,
  apigGateway,
  GatewayError,
  type GatewayHandler,
  type GatewayKeys,
  type GatewayNote,
  type Listener,
} from '../../../lib/gateway/index.ts';

/** Settings of the sample server. */
export interface DemoGatewayOptions {
  /** Signature keys of APIG, and APP Keys of the Agents gateway, with their secrets. */
  readonly apig: GatewayKeys;
  readonly agents: GatewayKeys;
  readonly note?: (note: GatewayNote) => void;
  /** Unix milliseconds; the machine's clock unless given. */
  readonly clock?: () => number;
}

/**
 * A server of a model behind both gateways, to copy from: what APIG calls begins with `/apig`, all else comes from the Agents
 * gateway. Its model says the words of the prompt backwards, one token a word; `stream` asks for it word by word.
 */
export function demoGateway({ apig, agents, ...common }: DemoGatewayOptions): Listener {
  const byApig = apigGateway({ keys: apig, requiredHeaders: ['host'], ...common })(chat);
  const byAgents = agentsGateway({ keys: agents, ...common })(chat);
  return (request, response) => (request.url?.startsWith('/apig') ? byApig : byAgents)(request, response);
}

const chat: GatewayHandler = async ({ answer, body, stream }) => {
  const { prompt, isStream } = readQuestion((await body()).toString());
  if (isStream) return stream(eventsOf(prompt));
  const content = prompt.toReversed().join(' ');
  answer({ choices: [{ message: { role: 'assistant', content } }], usage: usageOf(prompt) });
};

function readQuestion(text: string): { prompt: readonly string[]; isStream: boolean } {
  try {
    const { prompt, stream } = Object(JSON.parse(text));
    if (typeof prompt === 'string') return { prompt: prompt.split(/\s+/), isStream: stream === true };
  } catch {
    // not JSON: refused below
  }
  throw new GatewayError(400, 'bad_request', 'Expected a JSON object with a prompt: {"prompt":"one two"}.');
}

/** Events of the model as most models send them: usage in a last event of its own. */
async function* eventsOf(prompt: readonly string[]): AsyncGenerator<string> {
  for (const word of prompt.toReversed()) {
    yield event({ choices: [{ delta: { content: `${word} ` } }] });
    await turn();
  }
  yield event({ choices: [], usage: usageOf(prompt) });
  yield 'data: [DONE]\n\n';
}

function event(members: object): string {
  return `data: ${JSON.stringify(members)}\n\n`;
}

function usageOf(prompt: readonly string[]) {
  return { prompt_tokens: prompt.length, completion_tokens: prompt.length };
}
