import { randomUUID } from 'node:crypto';
import { familyNamed } from '../../../marketplace/calls/families.ts';
import { freshOrderId, type Subject } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { codeOf, type Finding, found, remark } from '../../certify/finding.ts';
import type { Exchange } from '../../conversation.ts';
import { type Probe, probed, together } from '../probe.ts';
import { World } from '../world.ts';

/*
 * The Kit tells nothing back, so its probes look at what is refused: repeats and deletes always succeed, and calls about
 * one user or department may come at the same time. They are about a purchase of their own where the base key is known.
 */

type Call = readonly [activity: string, members: Readonly<Record<string, unknown>>];

/** Subject of Kit calls that nobody has made before. */
async function newTenant(world: World): Promise<Partial<Subject>> {
  const hasBase = (world.target.ring.base ?? []).length > 0;
  const bought = hasBase ? await new World(world.target, familyNamed('saas-v2'), world.options).buy() : undefined;
  const orderId = String(bought?.subject.orderId ?? freshOrderId(Date.now(), 'CHAOS'));
  return { tenantId: `t-${randomUUID().slice(0, 8)}`, orderId, instanceId: bought?.instanceId ?? randomUUID() };
}

/** Refusals, but for those of a server that asks for a purchase which could not be made. */
function refusals(world: World, exchanges: readonly Exchange[]): Exchange[] {
  const bare = (world.target.ring.base ?? []).length === 0;
  return exchanges.filter((one) => !succeeded(one) && !(bare && codeOf(one) === '000003'));
}

const flagged = (activity: string, ...flags: number[]): Call[] => flags.map((flag) => [activity, { flag }]);

/** Everything that a Kit is told, each call as the marketplace might repeat it; deletes last. */
const CALLS: readonly Call[] = [
  ...flagged('tenantSync', 1, 2),
  ...flagged('applicationSync', 1, 2),
  ['allOrgSync', {}],
  ...flagged('singleOrgSync', 1, 2),
  ...flagged('authSync', 1, 2, 3, 0),
  ...flagged('singleOrgSync', 0),
  ...flagged('applicationSync', 0),
  ...flagged('tenantSync', 0),
];

const repeats: Probe = {
  id: 'kit-repeats',
  needs: ['kit'],
  run: async (world) => {
    const subject = await newTenant(world);
    const exchanges: Exchange[] = [];
    const findings: Finding[] = [];
    for (const [activity, members] of CALLS) {
      if (activity === 'applicationSync' && world.target.publicKey === undefined) continue;
      const sent = await together([1, 2, 3], 2, () => world.call(activity, { subject, members }));
      exchanges.push(...sent);
      const [first] = refusals(world, sent);
      if (first !== undefined)
        findings.push(found('chaos.kit-refused', { activity, flag: String(members.flag ?? '–'), code: codeOf(first) }));
    }
    return probed(exchanges, findings);
  },
};

const opposites: Probe = {
  id: 'kit-opposites',
  needs: ['kit'],
  run: async (world) => {
    const subject = await newTenant(world);
    const exchanges = [await world.call('tenantSync', { subject, members: { flag: 1 } })];
    for (const activity of ['authSync', 'singleOrgSync']) {
      const flags = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 1 : 0));
      exchanges.push(...(await together(flags, 10, (flag) => world.call(activity, { subject, members: { flag } }))));
      exchanges.push(await world.call(activity, { subject, members: { flag: 1 } }));
    }
    const [first, ...others] = refusals(world, exchanges);
    return probed(
      exchanges,
      first === undefined ? [] : [found('chaos.kit-at-once', { count: others.length + 1, code: codeOf(first) })],
    );
  },
};

/** More users than V1 carries in one call; no page names a limit for V2. */
const MANY = 501;

const manyUsers: Probe = {
  id: 'kit-many-users',
  needs: ['kit', 'stamps'],
  run: async (world) => {
    const subject = await newTenant(world);
    const userList = Array.from({ length: MANY }, (_, index) => ({
      userName: `user-${index}`,
      name: `User ${index}`,
      orgCode: '100',
      role: 'user',
      enable: 'true',
    }));
    const exchanges = [
      await world.call('tenantSync', { subject, members: { flag: 1 } }),
      await world.call('authSync', { subject, members: { flag: 1, userList } }),
    ];
    const [first] = refusals(world, exchanges);
    return probed(
      exchanges,
      first === undefined ? [] : [remark('chaos.kit-many-users-refused', { count: MANY, code: codeOf(first) })],
    );
  },
};

export const KIT: readonly Probe[] = [repeats, opposites, manyUsers];
