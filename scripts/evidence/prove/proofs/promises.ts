import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Answer, sendCall, signCall } from '../../../marketplace/signed-calls.ts';
import { type Local, startLocal } from '../http/local.ts';
import { Marketplace } from '../http/marketplace.ts';
import { ACCESS } from '../http/seller-server.ts';
import type { Line, Proof } from '../proof.ts';
import { instancesOf, settled } from './settled.ts';

const DELIVERIES = 200;
/** Customer's data in the calls; the order query's answer has data of its own. */
const PERSON = { mobilePhone: '13912345678', email: 'somebody.private@example.com' };
/** Buyer as the stand-in describes it. */
const BUYER = ['10000000000', 'buyer@example.com'];

/** One order that comes at once as often as it can, refusals of every kind, and what table and log show afterwards. */
export const promises: Proof = async (_, say) => {
  const local = await startLocal();
  try {
    const once = await deliveries(local);
    say(once.ran);
    const refused = await refusals(local);
    say(refused.ran);
    return [once, refused, ...(await secrecy(local))];
  } finally {
    await local.stop();
  }
};

async function deliveries(local: Local): Promise<Line> {
  const marketplace = new Marketplace(local);
  const order = { activity: 'newInstance', orderId: 'CS200', orderLineId: 'CS200-000001', ...PERSON };
  const answers = await Promise.all(
    Array.from({ length: DELIVERIES }, (_, index) => marketplace.deliver({ ...order, businessId: `b-${index}` })),
  );
  await settled(local);
  const ids = new Set(answers.map((answer) => answer?.json.instanceId));
  const stored = await instancesOf(local);
  const runs = local.seller.effects.length;
  const isOne = ids.size === 1 && stored.length === 1 && stored[0]?.instanceId === [...ids][0] && runs === 1;
  return {
    statement: 'concurrent deliveries of one order give one instance and one run of the seller’s code',
    ran: `${DELIVERIES} deliveries at the same time: ${stored.length} instance, ${runs} run`,
    verdict: isOne && local.seller.calls === 1 && marketplace.book.unsigned === 0 ? 'holds' : 'BROKEN',
    note: isOne ? '' : `${ids.size} ids were answered`,
  };
}

/** Calls that are refused for every reason there is, each with a signed answer of its code. */
async function refusals({ url, key }: Local): Promise<Line> {
  const order = { activity: 'newInstance', orderId: 'CS1', orderLineId: 'CS1-1', ...PERSON };
  const early = Date.now() - 600_000;
  const well = signCall(url, key, order);
  const calls = {
    'a wrong key': signCall(url, `${key}x`, order),
    'a body that was changed': { ...well, body: well.body.replace('CS1', 'CS2') },
    'a call of ten minutes ago': signCall(url, key, order, early),
    'no signature': { ...well, url: well.url.replace(/signature=\w+&/, '') },
    'an unknown activity': signCall(url, key, { activity: 'sing' }),
    'a member too few': signCall(url, key, { activity: 'newInstance', orderId: 'CS1' }),
    'an unknown instance': signCall(url, key, { activity: 'releaseInstance', instanceId: 'nobody' }),
    'an order line that is not there': signCall(url, key, { activity: 'queryInstance', orderId: 'CS9' }),
  };
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  for (const [why, call] of Object.entries(calls)) {
    const { status, json, bodySignHolds }: Answer = await sendCall(call, key);
    const code = String(json.resultCode);
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (!bodySignHolds || status !== 200 || code === '000000') wrong.push(`${why}: ${status} ${code}`);
  }
  const codes = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${code} × ${count}`);
  return {
    statement: 'every refusal is signed',
    ran: `${Object.keys(calls).length} refused calls: ${codes.join(', ')}`,
    verdict: wrong.length === 0 ? 'holds' : 'BROKEN',
    note: wrong.join('; '),
  };
}

/** Looks through everything that is stored and logged for what nobody may read there. */
async function secrecy(local: Local): Promise<readonly Line[]> {
  const secrets = [...Object.values(PERSON), ...BUYER, ACCESS.userName, ACCESS.password, ...local.secrets];
  const items: string[] = [];
  let from: Record<string, never> | undefined;
  do {
    const page = await local.table.client.send(
      new ScanCommand({ TableName: local.table.name, ...(from ? { ExclusiveStartKey: from } : {}) }),
    );
    items.push(...(page.Items ?? []).map((item) => JSON.stringify(item)));
    from = page.LastEvaluatedKey as typeof from;
  } while (from !== undefined);
  const lines = local.log().split('\n').filter(Boolean);
  const line = (statement: string, texts: readonly string[], what: string): Line => {
    const shown = secrets.filter((secret) => texts.some((text) => text.includes(secret))).length;
    return {
      statement,
      ran: `${texts.length} ${what}, looked through for ${secrets.length} secrets`,
      verdict: shown === 0 && texts.length > 0 ? 'holds' : 'BROKEN',
      note: shown === 0 ? '' : `${shown} of the secrets can be read`,
    };
  };
  const kinds = 'a credential, a phone number, an e-mail address or a key';
  return [
    line(`nothing in the table shows ${kinds}`, items, 'items'),
    line(`no log line shows ${kinds}`, lines, 'lines'),
  ];
}
