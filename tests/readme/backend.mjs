import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const key = Buffer.from(process.env.KOOGATE_SELLER_SECRET.replace(/^whsec_/, ''), 'base64');
const hmac = (text) => createHmac('sha256', key).update(text).digest();
const tenants = new Map(); // yours is a database that remembers each webhook-id: a repeated call changes nothing
const save = ({ instanceId }, part) => void tenants.set(instanceId, { ...tenants.get(instanceId), ...part });

const events = {
  provision({ instance, order }) {
    save(instance, { seats: order.line.products[0]?.linearValue, open: true });
    return { access: { frontEndUrl: 'https://acme.example.com', userName: 'admin', password: randomUUID() } };
  },
  renew: ({ instance, expiresAt }) => save(instance, { expiresAt }),
  freeze: ({ instance }) => save(instance, { open: false }),
  unfreeze: ({ instance }) => save(instance, { open: true }),
  upgrade: ({ instance, upgradeOrder }) => save(instance, { seats: upgradeOrder.line.products[0]?.linearValue }),
  release: ({ instance }) => void tenants.delete(instance.instanceId),
};

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray().catch(() => [])).toString();
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature = '' } = request.headers;
  const expected = `v1,${hmac(`${id}.${time}.${body}`).toString('base64')}`;
  const isFresh = Math.abs(Date.now() / 1000 - time) < 300;
  if (!isFresh || !timingSafeEqual(hmac(signature), hmac(expected))) return response.writeHead(401).end();
  const change = JSON.parse(body);
  response.end(JSON.stringify(events[change.event]?.(change) ?? {})); // {}: done, or nothing to do
}).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));
