import { createServer } from 'node:http';
import { apigGateway, GatewayError } from 'koogate/gateway';

/** Signature keys by name; during a change of keys there are two. */
const keys = () => ({ [process.env.SIGN_KEY ?? '']: process.env.SIGN_SECRET ?? '' });

/** Takes calls that API Gateway has signed, and no others. */
export const server = createServer(
  apigGateway({ keys, requiredHeaders: ['host'] })(async ({ answer, body }) => {
    const { text } = JSON.parse(String(await body()));
    if (typeof text !== 'string') throw new GatewayError(400, 'no-text', 'Send a member "text".'); // is not billed
    answer({ words: text.split(/\s+/).length });
  }),
);
