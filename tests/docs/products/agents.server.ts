import { createServer } from 'node:http';
import { agentsGateway, GatewayError } from 'koogate/gateway';

/** APP Secrets by APP Key, as registered. */
const keys = () => ({ [process.env.APP_KEY ?? '']: process.env.APP_SECRET ?? '' });

/** Answers with a text, and how many tokens went in and out: your model and its tokenizer stand here. */
const ask = async (prompt: string) => ({ text: prompt.toUpperCase(), read: prompt.length, written: prompt.length });

/** Takes calls with a token of the Agents gateway, and no others. */
export const server = createServer(
  agentsGateway({ keys })(async ({ answer, body }) => {
    const { prompt } = JSON.parse(String(await body()));
    if (typeof prompt !== 'string') throw new GatewayError(400, 'no-prompt', 'Send a member "prompt".'); // is not billed
    const { text, read, written } = await ask(prompt);
    answer({ text }, { 'usage.prompt_tokens': read, 'usage.completion_tokens': written });
  }),
);
