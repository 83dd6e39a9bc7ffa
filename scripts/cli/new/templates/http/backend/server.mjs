import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/*
 * A whole backend in plain Node: KooGate posts each change here as JSON, signed after Standard Webhooks. A change comes
 * again, with the same webhook-id, until it was answered; let one id take effect once.
 */

const { KOOGATE_SELLER_SECRET = '', PORT = '8080' } = process.env;
const key = Buffer.from(KOOGATE_SELLER_SECRET.replace(/^whsec_/, ''), 'base64');
if (key.length < 16) throw new Error('KOOGATE_SELLER_SECRET is not set: it is seller.secret of the secrets file.');

/** Tenants by instance id, each with the ids of the changes that have taken effect. Yours is a database. */
const tenants = new Map();

function change({ instanceId }, id, part) {
  const tenant = tenants.get(instanceId);
  if (tenant === undefined) return { failed: { reason: 'There is no such tenant.' } };
  if (!tenant.done.includes(id)) tenants.set(instanceId, { ...tenant, ...part, done: [...tenant.done, id] });
  return {};
}

const seatsOf = ({ line }) => line.products[0]?.linearValue ?? 1;

const events = {
  provision({ instance, order }, id) {
    const known = tenants.get(instance.instanceId);
    const tenant = known ?? { seats: seatsOf(order), open: true, endsAt: order.line.expiresAt, done: [id] };
    tenants.set(instance.instanceId, tenant);
    const password = randomBytes(15).toString('base64url'); // keep no password: set it and forget it
    return { access: { frontEndUrl: 'https://{{name}}.example.com', userName: 'owner', password } };
  },
  renew: ({ instance, expiresAt }, id) => change(instance, id, { endsAt: expiresAt }),
  freeze: ({ instance }, id) => change(instance, id, { open: false }),
  unfreeze: ({ instance }, id) => change(instance, id, { open: true }),
  upgrade: ({ instance, upgradeOrder }, id) => change(instance, id, { seats: seatsOf(upgradeOrder) }),
  release({ instance }) {
    tenants.delete(instance.instanceId);
    return {};
  },
};

function isSigned({ 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given = '' }, body) {
  if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false;
  const expected = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest();
  return given.split(' ').some((one) => {
    const signature = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray().catch(() => [])).toString();
  const answer = (status, content) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  if (request.method === 'GET') return answer(200, Object.fromEntries(tenants)); // for the tests: take it out
  if (!isSigned(request.headers, body)) return answer(401, { error: 'The signature does not match.' });
  const message = JSON.parse(body);
  const handle = events[message.event];
  if (handle === undefined) return answer(501, { error: `${message.event} is not handled.` });
  return answer(200, handle(message, request.headers['webhook-id']));
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`backend on http://127.0.0.1:${server.address().port}`));
