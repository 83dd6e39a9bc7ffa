import { Refusal } from '../refusal.ts';
import type { KitActivityName } from './messages.ts';

/**
 * Members by which a call of the Kit is told from the others. Its name stands in the path alone, which nobody signs, so
 * the members must pin it: each call but tenantSync demands one of its own, and every call refuses those of the others.
 * Hence whatever is taken on one path is refused on all others, without anything being kept.
 * Sources: the pages of lib/protocol/kit/messages.ts
 */
const OWN_MEMBERS: Readonly<Record<KitActivityName, readonly string[]>> = {
  tenantSync: ['domainName', 'tenantCode'],
  applicationSync: ['clientId', 'clientSecret'],
  authSync: ['userList'],
  singleOrgSync: ['orgCode'],
  allOrgSync: ['orgInfoList', 'orgInfo'],
};

/** Demanded by two calls, and by none of the other three. */
const OF_AN_APPLICATION: readonly KitActivityName[] = ['applicationSync', 'authSync'];

/**
 * Refuses a body that was signed for another call. Members that are null or empty count as absent.
 * @throws Refusal 000002 that names the member and its call
 */
export function refuseForeignMembers(activity: KitActivityName, body: Readonly<Record<string, unknown>>): void {
  const isThere = (name: string) => Object.hasOwn(body, name) && body[name] !== null && body[name] !== '';
  if (!OF_AN_APPLICATION.includes(activity) && isThere('appId'))
    throw foreign('appId', OF_AN_APPLICATION.join(' and '));
  for (const [other, names] of Object.entries(OWN_MEMBERS)) {
    const name = other === activity ? undefined : names.find(isThere);
    if (name !== undefined) throw foreign(name, other);
  }
}

function foreign(name: string, calls: string): Refusal {
  return new Refusal('000002', `${name} is a member of ${calls}; check the path of the call`);
}
