import { hangUp } from '../../../marketplace/calls/raw.ts';
import { freshOrderId, newSubject } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { codeOf, type Finding, found } from '../../certify/finding.ts';
import type { Exchange } from '../../conversation.ts';
import { type Probe, probed, together } from '../probe.ts';
import type { World } from '../world.ts';

/* The same purchase more than once: at once, later, for hours, and after an answer that never arrived. */

/** Repeats of one purchase have to succeed and name one instance. */
function oneInstance(exchanges: readonly Exchange[]): Finding[] {
  const refusals = exchanges.filter((exchange) => !succeeded(exchange));
  const ids = new Set(
    exchanges.map(({ judgement }) => judgement.members?.instanceId).filter((id) => typeof id === 'string'),
  );
  return [
    ...(ids.size > 1 ? [found('chaos.many-ids', { count: ids.size, calls: exchanges.length })] : []),
    ...(refusals.length > 0
      ? [found('chaos.repeat-refused', { count: refusals.length, code: refusals.map(codeOf)[0] ?? '' })]
      : []),
    ...slow(exchanges),
  ];
}

function slow(exchanges: readonly Exchange[]): Finding[] {
  const late = exchanges.filter(({ judgement }) =>
    judgement.checks.some(({ id, state }) => id === 'in-time' && state === 'fail'),
  );
  return late.length === 0 ? [] : [found('chaos.slow', { count: late.length })];
}

const DAY = 86_400_000;

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Any call of a family without instances. */
const repeatAny = (world: World, count: number, width: number): Promise<Exchange[]> => {
  const { now: _, ...subject } = newSubject({ test: false });
  return together(times(count), width, () => world.call(world.repeatable, { subject }));
};

const duplicates: Probe = {
  id: 'duplicates',
  needs: [],
  run: async (world) => {
    if (!world.hasInstances) {
      const exchanges = await repeatAny(world, 10, 10);
      const refusals = exchanges.filter((exchange) => !succeeded(exchange) && codeOf(exchange) !== '000003');
      return probed(
        exchanges,
        refusals.length === 0
          ? []
          : [found('chaos.repeat-refused', { count: refusals.length, code: refusals.map(codeOf)[0] ?? '' })],
      );
    }
    const subject = world.newPurchase();
    const exchanges = await together(times(20), 20, () => world.create(subject));
    return probed(exchanges, oneInstance(exchanges));
  },
};

const repeatLater: Probe = {
  id: 'repeat-later',
  needs: ['instances'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const exchanges = [await world.create(bought.subject), await world.create(bought.subject)];
    const strangers = exchanges.filter(({ judgement }) => judgement.members?.instanceId !== bought.instanceId);
    return probed(exchanges, [
      ...oneInstance(exchanges),
      ...(strangers.length > 0 ? [found('chaos.many-ids', { count: 2, calls: 3 })] : []),
    ]);
  },
};

const retryStorm: Probe = {
  id: 'retry-storm',
  needs: [],
  run: async (world) => {
    if (!world.hasInstances) {
      const exchanges = await repeatAny(world, 60, 6);
      return probed(exchanges, slow(exchanges));
    }
    const subject = world.newPurchase();
    const exchanges = await together(times(60), 6, () => world.create(subject));
    return probed(exchanges, oneInstance(exchanges));
  },
};

const lostAnswer: Probe = {
  id: 'lost-answer',
  needs: ['instances'],
  run: async (world) => {
    const subject = world.newPurchase();
    await hangUp(world.draft(world.repeatable, { subject }).call, 30, world.target.insecure);
    const exchanges = [await world.create(subject), await world.create(subject)];
    return probed(exchanges, oneInstance(exchanges));
  },
};

const impatience: Probe = {
  id: 'impatience',
  needs: ['instances'],
  run: async (world) => {
    const subject = world.newPurchase();
    const gone = Array.from({ length: 5 }, () =>
      hangUp(world.draft(world.repeatable, { subject }).call, 1, world.target.insecure),
    );
    const exchanges = await together(times(5), 5, () => world.create(subject));
    await Promise.all(gone);
    exchanges.push(await world.create(subject));
    return probed(exchanges, oneInstance(exchanges));
  },
};

const renewals: Probe = {
  id: 'duplicate-renewal',
  needs: ['renewal'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const order = freshOrderId(Date.now(), 'CHAOS');
    const expiresAt = Math.floor(Date.now() / 1000) * 1000 + 400 * DAY;
    const exchanges = await together(times(10), 10, () => world.renew(bought.instanceId, order, expiresAt));
    const refusals = exchanges.filter((exchange) => !succeeded(exchange));
    const findings =
      refusals.length > 0
        ? [found('chaos.repeat-refused', { count: refusals.length, code: refusals.map(codeOf)[0] ?? '' })]
        : [];
    const stored = await world.observed(bought.instanceId);
    if (stored === undefined) return probed(exchanges, findings, 'chaos.unclear.state');
    const wrong = stored === 'nothing' || stored.expiresAt !== expiresAt;
    return probed(exchanges, wrong ? [...findings, found('chaos.renewed-twice')] : findings);
  },
};

const twoLines: Probe = {
  id: 'two-lines',
  needs: ['instances', 'lines'],
  run: async (world) => {
    const first = world.newPurchase();
    const second = { ...first, orderLineId: `${first.orderId}-000002` };
    const exchanges = await together([first, second, first, second], 4, (subject) => world.create(subject));
    const ids = exchanges.map(({ judgement }) => judgement.members?.instanceId);
    const refusal = exchanges.find((exchange) => !succeeded(exchange));
    if (refusal !== undefined) return probed(exchanges, [found('chaos.line-refused', { code: codeOf(refusal) })]);
    const count = new Set(ids).size;
    if (ids[0] === ids[1]) return probed(exchanges, [found('chaos.lines-share-id')]);
    return probed(exchanges, count > 2 ? [found('chaos.many-ids', { count, calls: exchanges.length })] : []);
  },
};

/** A renewal is bought and given back: the paid period ends as early as before. */
const withdrawnRenewal: Probe = {
  id: 'withdrawn-renewal',
  needs: ['renewal', 'lines'],
  run: async (world) => {
    const bought = await world.buy();
    if (bought === undefined) return probed([], [found('chaos.does-not-sell')]);
    const now = Math.floor(Date.now() / 1000) * 1000;
    const [far, near] = [now + 400 * DAY, now + 40 * DAY];
    const renewed = await world.renew(bought.instanceId, freshOrderId(now, 'CHAOS'), far);
    const members = { scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' };
    const withdrawn = await world.renew(bought.instanceId, freshOrderId(now, 'CHAOS'), near, {
      members,
      at: Date.now() + 1_000,
    });
    const refused = succeeded(withdrawn) ? [] : [found('chaos.withdrawal-refused', { code: codeOf(withdrawn) })];
    const stored = await world.observed(bought.instanceId);
    if (stored === undefined) return probed([renewed, withdrawn], refused, 'chaos.unclear.state');
    const wrong = stored === 'nothing' || stored.expiresAt !== near;
    return probed([renewed, withdrawn], wrong ? [...refused, found('chaos.withdrawal-ignored')] : refused);
  },
};

export const REPEATS: readonly Probe[] = [
  duplicates,
  repeatLater,
  retryStorm,
  lostAnswer,
  impatience,
  renewals,
  twoLines,
  withdrawnRenewal,
];
