import { randomUUID } from 'node:crypto';
import { freshOrderId } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { codeOf, type Finding, found, remark } from '../../certify/finding.ts';
import type { Exchange } from '../../conversation.ts';
import { type Probe, probed } from '../probe.ts';

/* The end of an instance, instances that never were, and debugging calls in the middle of real life. */

const YEAR = 365 * 86_400_000;

const afterRelease: Probe = {
  id: 'after-release',
  needs: ['instances'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const { instanceId, subject } = bought;
    const release = await world.release(bought);
    const again = await world.release(bought);
    const late: Exchange[] = [];
    const findings: Finding[] = [release, again]
      .filter((one) => !succeeded(one))
      .map((one) => found('chaos.release-refused', { code: codeOf(one) }));
    if (world.family.activities.refreshInstance !== undefined)
      late.push(await world.renew(instanceId, freshOrderId(Date.now(), 'CHAOS'), Date.now() + YEAR));
    if (world.family.activities.updateInstanceStatus !== undefined)
      late.push(await world.setStatus(instanceId, 'UNFREEZE'));
    if (late.some(succeeded)) findings.push(found('chaos.revived'));
    const recreated = await world.create(subject);
    const id = recreated.judgement.members?.instanceId;
    if (succeeded(recreated) && id !== instanceId) findings.push(found('chaos.many-ids', { count: 2, calls: 2 }));
    const reads: Exchange[] = [];
    if (world.family.activities.queryInstance !== undefined) {
      const asked = await world.call('queryInstance', { subject: { instanceId } });
      reads.push(asked);
      if (asked.judgement.opened.some(({ password }) => password !== undefined))
        findings.push(remark('chaos.credentials-after-release'));
    }
    return probed([release, again, ...late, recreated, ...reads], findings);
  },
};

const unknown: Probe = {
  id: 'unknown-instances',
  needs: ['instances'],
  run: async (world) => {
    const instanceId = `koogate-unknown-${randomUUID().slice(0, 8)}`;
    const { activities } = world.family;
    const exchanges: Exchange[] = [];
    if (activities.refreshInstance !== undefined)
      exchanges.push(await world.renew(instanceId, freshOrderId(Date.now(), 'CHAOS'), Date.now() + YEAR));
    if (activities.updateInstanceStatus !== undefined) exchanges.push(await world.setStatus(instanceId, 'FREEZE'));
    const released = await world.release({ instanceId, subject: world.newPurchase() });
    const findings: Finding[] = exchanges
      .filter(succeeded)
      .map(({ activity }) => found('chaos.unknown-taken', { activity }));
    if (succeeded(released)) findings.push(remark('chaos.unknown-released'));
    return probed([...exchanges, released], findings);
  },
};

const DEBUGGED = [
  'updateInstanceStatus',
  'instanceStatus',
  'expireLicense',
  'releaseInstance',
  'releaseLicense',
  'newInstance',
  'getLicense',
];

const debugging: Probe = {
  id: 'debugging-calls',
  needs: ['instances'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const subject = { ...bought.subject, test: true };
    const exchanges: Exchange[] = [];
    for (const activity of DEBUGGED) {
      if (world.family.activities[activity] === undefined) continue;
      exchanges.push(await world.call(activity, { subject, expected: ['000000'] }));
    }
    const findings: Finding[] = exchanges
      .filter((one) => !succeeded(one))
      .map(({ activity }) => found('chaos.test-refused', { activity }));
    const stored = await world.observed(bought.instanceId);
    if (stored !== undefined && (stored === 'nothing' || stored.state !== 'ACTIVE'))
      findings.push(found('chaos.test-touched-state'));
    if (stored === undefined && world.family.activities.queryInstance !== undefined) {
      const asked = await world.call('queryInstance', { subject: { instanceId: bought.instanceId } });
      exchanges.push(asked);
      if (!succeeded(asked)) findings.push(found('chaos.test-touched-state'));
    }
    return probed(exchanges, findings);
  },
};

export const ENDS: readonly Probe[] = [afterRelease, unknown, debugging];
