import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { agentsGateway } from 'koogate/gateway';
import { chat } from './lib/chat.ts';

/** APP Key and APP Secret as registered in the seller console; a run without them makes some up and stays on this machine. */
const { APP_KEY: key = 'local', APP_SECRET: secret = randomBytes(24).toString('base64url') } = process.env;
const isLocal = process.env.APP_SECRET === undefined;
const port = Number(process.env.PORT ?? 8080);

const admit = agentsGateway({ keys: { [key]: secret } });

const server = createServer(admit(chat)).listen(port, isLocal ? '127.0.0.1' : undefined, () => {
  const address = server.address();
  const at = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}/chat`;
  console.log(`listening at ${at}`);
  if (!isLocal) return;
  const call = `npx koogate certify --product-kind agents --at ${at} --key ${key}=${secret}`;
  console.log(`call it as the gateway does:\n${call} --body '{"prompt":"one two three"}'`);
  console.log(`${call} --body '{"prompt":"one two three","stream":true}'`);
});

process.once('SIGTERM', () => server.close());
