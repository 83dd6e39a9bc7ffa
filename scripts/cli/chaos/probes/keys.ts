import { succeeded } from '../../certify/conduct/bench.ts';
import { codeOf, type Finding, found } from '../../certify/finding.ts';
import type { Exchange } from '../../conversation.ts';
import { type Probe, probed, together } from '../probe.ts';

/* Keys of customers: one each, however often it is asked for. */

const keyOf = ({ judgement }: Exchange): unknown => judgement.members?.Apikey;

const oneKey: Probe = {
  id: 'one-key',
  needs: ['apikey'],
  run: async (world) => {
    const [own, other] = [world.newPurchase(), { ...world.newPurchase(), customerId: `koogate-chaos-${Date.now()}` }];
    const asked = await together([1, 2, 3, 4, 5, 6, 7, 8], 8, () => world.call('applyApikey', { subject: own }));
    const again = await world.call('applyApikey', { subject: own, members: { customerName: 'another-name' } });
    const stranger = await world.call('applyApikey', { subject: other });
    const mine = [...asked, again];
    const refusals = [...mine, stranger].filter((one) => !succeeded(one));
    const keys = new Set(mine.filter(succeeded).map(keyOf));
    const findings: Finding[] = [
      ...(refusals.length > 0
        ? [found('chaos.repeat-refused', { count: refusals.length, code: refusals.map(codeOf)[0] ?? '' })]
        : []),
      ...(keys.size > 1 ? [found('chaos.many-keys', { count: keys.size, calls: mine.length })] : []),
      ...(succeeded(stranger) && keys.has(keyOf(stranger)) ? [found('chaos.shared-key')] : []),
    ];
    return probed([...mine, stranger], findings);
  },
};

const replayedKey: Probe = {
  id: 'replayed-key',
  needs: ['apikey'],
  run: async (world) => {
    const drafted = world.draft('applyApikey', { subject: world.newPurchase() });
    const exchanges = [await world.deliver('applyApikey', drafted), await world.deliver('applyApikey', drafted)];
    const given = exchanges.slice(1).some((one) => keyOf(one) !== undefined);
    return probed(exchanges, given ? [found('chaos.replay-gives-credentials')] : []);
  },
};

export const KEYS: readonly Probe[] = [oneKey, replayedKey];
