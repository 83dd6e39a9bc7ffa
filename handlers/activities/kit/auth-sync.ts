import { sideBySide } from '../../../lib/fulfilment/side-by-side.ts';
import type { Key } from '../../../lib/instances/keys.ts';
import { isGone, type KitItem } from '../../../lib/instances/kit-item.ts';
import { readItems } from '../../../lib/instances/read.ts';
import type { KitUser } from '../../../lib/protocol/kit/user.ts';
import { Refusal } from '../../../lib/protocol/refusal.ts';
import { kitKeys } from '../../../lib/tenants/keys.ts';
import { EVENTS, type KitContext, type KitSync } from './kit-call.ts';

/** Writes at a time: the client has 50 connections, and other calls need some. */
const PARALLEL = 40;
/** Users up to which each is written without a look: one round trip, as for any other call. */
const UNREAD_USERS = 25;
/** Users read in one request, and requests at a time. */
const READ_USERS = 100;
const PARALLEL_READS = 4;
/** Bytes of one user's JSON: sealed, an item holds it once and once more for each change that waits, in 400 KB. */
const MAX_USER_BYTES = 48 * 1024;

/**
 * Users of a tenant are authorised for an application, changed, removed, or their authorisation is withdrawn: any number
 * in a call, one write each. What is written stays if the call as a whole fails. A long list is read first, a hundred users
 * a request, and who is there as the call says is neither written nor told again: so a repeat after the call's time was
 * up goes on where that one ended. Such a user keeps the time of the call that brought them.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649435.html
 */
export const authSync: KitSync<'authSync'> = async ({ appId, flag, users }, context) => {
  const { tools, binding, stores, accept } = context;
  const event = EVENTS[flag];
  const changes = users.map((user) => ({
    content: isGone(event) ? { userName: user.userName } : user,
    key: kitKeys.user(binding, appId, user.userName),
  }));
  if (!stores) return;
  const fitting = changes.filter(({ content }) => bytesOf(content) <= MAX_USER_BYTES);
  const missing = fitting.length > UNREAD_USERS ? await changed(fitting, event, context) : fitting;
  await sideBySide(missing, PARALLEL, async ({ content, key }) => {
    const record = { appId, user: await tools.sealer.seal('personal', content, key) };
    await accept(key, { kind: 'user', event, record }, content);
  });
  if (fitting.length < changes.length) {
    const place = changes.findIndex(({ content }) => bytesOf(content) > MAX_USER_BYTES);
    const limit = `userList holds a user of more than ${MAX_USER_BYTES / 1024} KB`;
    throw new Refusal('000002', `${limit} at place ${place + 1}, which cannot be kept; all others were taken`);
  }
};

interface UserChange {
  readonly content: KitUser | Pick<KitUser, 'userName'>;
  readonly key: Key;
}

/** Those of whom the table says something else, or what could not be carried out. */
async function changed(
  changes: readonly UserChange[],
  event: (typeof EVENTS)[keyof typeof EVENTS],
  { tools, options, isTest, fingerprintOf }: KitContext,
): Promise<readonly UserChange[]> {
  const known = new Map<string, KitItem>();
  const pages = Array.from({ length: Math.ceil(changes.length / READ_USERS) }, (_, page) =>
    changes.slice(page * READ_USERS, (page + 1) * READ_USERS).map(({ key }) => key),
  );
  await sideBySide(pages, PARALLEL_READS, async (keys) => {
    for (const item of await readItems<KitItem & Key>(tools.table, keys, options)) known.set(item.sk, item);
  });
  return changes.filter(({ content, key }) => {
    const item = known.get(key.sk);
    const isSame = item?.fingerprint === fingerprintOf(event, content) && (item.isTest ?? false) === isTest;
    return !isSame || Object.keys(item.failed).length > 0;
  });
}

function bytesOf(content: unknown): number {
  return Buffer.byteLength(JSON.stringify(content));
}
