import { freshOrderId } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { type Finding, found } from '../../certify/finding.ts';
import { type Probe, probed } from '../probe.ts';
import type { World } from '../world.ts';

/* Calls that somebody recorded and sends again, and calls that overtake each other. */

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Compares what is stored with what has to be. */
async function stateIs(
  world: World,
  instanceId: string,
  state: string,
  finding: string,
): Promise<{ findings: Finding[]; unclear?: string }> {
  const stored = await world.observed(instanceId);
  if (stored === undefined) return { findings: [], unclear: 'chaos.unclear.state' };
  const seen = stored === 'nothing' ? 'nothing' : stored.state;
  return { findings: seen === state ? [] : [found(finding, { state: seen })] };
}

const replayedRead: Probe = {
  id: 'replayed-read',
  needs: ['instances', 'stamps', 'query'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const drafted = world.draft('queryInstance', { subject: { instanceId: bought.instanceId } });
    const exchanges = [await world.deliver('queryInstance', drafted), await world.deliver('queryInstance', drafted)];
    const again = exchanges[1]?.judgement.opened ?? [];
    return probed(exchanges, again.length > 0 ? [found('chaos.replay-gives-credentials')] : []);
  },
};

const replayedFreeze: Probe = {
  id: 'replayed-freeze',
  needs: ['status', 'stamps'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const [activity, freeze] = world.statusDraft(bought.instanceId, 'FREEZE');
    const first = await world.deliver(activity, freeze);
    await pause(20);
    const thaw = await world.setStatus(bought.instanceId, 'UNFREEZE');
    const replay = await world.deliver(activity, freeze);
    const exchanges = [first, thaw, replay];
    const { findings, unclear } = await stateIs(world, bought.instanceId, 'ACTIVE', 'chaos.replay-changed-state');
    // Refused outright, the replay cannot have done anything.
    return probed(exchanges, findings, succeeded(replay) ? unclear : undefined);
  },
};

const rotated: Probe = {
  id: 'replay-after-rotation',
  needs: ['instances', 'stamps', 'query', 'two-keys'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const older = world.target.ring[world.family.keyClass]?.[1] ?? '';
    const drafted = world.draft('queryInstance', { key: older, subject: { instanceId: bought.instanceId } });
    const first = await world.deliver('queryInstance', drafted);
    const again = await world.deliver('queryInstance', drafted);
    const signed = first.judgement.checks.some(({ id }) => id === 'body-sign');
    return probed(
      [first, again],
      [
        ...(succeeded(first) ? [] : [found('chaos.older-key-refused')]),
        ...(succeeded(first) && !signed ? [found('chaos.answer-signed-with-other-key')] : []),
        ...(again.judgement.opened.length > 0 ? [found('chaos.replay-gives-credentials')] : []),
      ],
    );
  },
};

const overtakenFreeze: Probe = {
  id: 'overtaken-freeze',
  needs: ['status', 'stamps'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const now = Date.now();
    const thaw = await world.setStatus(bought.instanceId, 'UNFREEZE', { at: now + 2_000 });
    const freeze = await world.setStatus(bought.instanceId, 'FREEZE', { at: now + 1_000 });
    const { findings, unclear } = await stateIs(world, bought.instanceId, 'ACTIVE', 'chaos.overtaken-took-effect');
    return probed([thaw, freeze], findings, unclear);
  },
};

const overtakenRenewal: Probe = {
  id: 'overtaken-renewal',
  needs: ['renewal', 'stamps'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const now = Date.now();
    const day = 86_400_000;
    const [far, near] = [400, 40].map((days) => Math.floor(now / 1000) * 1000 + days * day);
    const newer = await world.renew(bought.instanceId, freshOrderId(now, 'CHAOS'), far ?? 0, { at: now + 2_000 });
    const older = await world.renew(bought.instanceId, freshOrderId(now, 'CHAOS'), near ?? 0, { at: now + 1_000 });
    const exchanges = [newer, older];
    const refused = exchanges.some((exchange) => !succeeded(exchange)) ? [found('chaos.renewal-refused')] : [];
    const stored = await world.observed(bought.instanceId);
    if (stored === undefined) return probed(exchanges, refused, 'chaos.unclear.state');
    const wrong = stored === 'nothing' || stored.expiresAt !== far;
    return probed(exchanges, wrong ? [...refused, found('chaos.older-date-won')] : refused);
  },
};

const opposites: Probe = {
  id: 'concurrent-opposites',
  needs: ['status', 'stamps'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const now = Date.now();
    const sent = Array.from({ length: 10 }, (_, index) =>
      world.setStatus(bought.instanceId, index % 2 === 0 ? 'UNFREEZE' : 'FREEZE', { at: now + index * 10 }),
    );
    const exchanges = await Promise.all(sent);
    const { findings, unclear } = await stateIs(world, bought.instanceId, 'FROZEN', 'chaos.older-status-won');
    return probed(exchanges, findings, unclear);
  },
};

export const REPLAYS: readonly Probe[] = [
  replayedRead,
  replayedFreeze,
  rotated,
  overtakenFreeze,
  overtakenRenewal,
  opposites,
];
