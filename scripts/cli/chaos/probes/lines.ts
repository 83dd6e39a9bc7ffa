import { cutHalfway, dribble } from '../../../marketplace/calls/raw.ts';
import { freshOrderId, newSubject } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { codeOf, found } from '../../certify/finding.ts';
import { type Probe, probed } from '../probe.ts';
import type { World } from '../world.ts';

/* Lines that break, drip or flood. Afterwards the server has to be there as before. */

/** Checks that a harmless debugging call still succeeds. */
async function alive(world: World) {
  const exchange = await world.call(world.repeatable, { subject: newSubject({ test: true }) });
  return { exchange, findings: succeeded(exchange) ? [] : [found('chaos.not-alive', { code: codeOf(exchange) })] };
}

const cut: Probe = {
  id: 'cut-connections',
  needs: ['body'],
  run: async (world) => {
    const bought = world.hasInstances ? await world.buy() : undefined;
    const drafts = Array.from({ length: 5 }, () =>
      bought !== undefined && world.family.activities.updateInstanceStatus !== undefined
        ? world.statusDraft(bought.instanceId, 'FREEZE')[1]
        : world.draft(world.repeatable, { subject: newSubject({ test: true }) }),
    );
    await Promise.all(drafts.map(({ call }) => cutHalfway(call, world.target.insecure)));
    const { exchange, findings } = await alive(world);
    const stored = bought === undefined ? undefined : await world.observed(bought.instanceId);
    const done = stored !== undefined && stored !== 'nothing' && stored.state === 'FROZEN';
    return probed([exchange], done ? [...findings, found('chaos.half-call-done')] : findings);
  },
};

const slow: Probe = {
  id: 'slow-body',
  needs: ['body'],
  run: async (world) => {
    const { call } = world.draft(world.repeatable, { subject: newSubject({ test: true }) });
    const status = await dribble(call, 10, 120, world.target.insecure);
    const { exchange, findings } = await alive(world);
    const rude = status === undefined || status >= 500 ? [found('chaos.slow-body-broke', { status: status ?? 0 })] : [];
    return probed([exchange], [...findings, ...rude]);
  },
};

const huge: Probe = {
  id: 'huge-body',
  needs: ['body'],
  run: async (world) => {
    const filler = JSON.stringify({
      activity: world.repeatable,
      orderId: freshOrderId(Date.now(), 'CHAOS'),
      testFlag: '1',
      filler: 'x'.repeat(10_485_760),
    });
    const exchange = await world.call(world.repeatable, { body: filler });
    const { exchange: after, findings } = await alive(world);
    const broke =
      exchange.outcome.kind === 'answer' && exchange.outcome.status >= 500
        ? [found('chaos.huge-body-broke', { status: exchange.outcome.status })]
        : [];
    const hung =
      exchange.outcome.kind === 'failure' && exchange.outcome.reason === 'time-out'
        ? [found('chaos.huge-body-hung')]
        : [];
    return probed([exchange, after], [...broke, ...hung, ...findings]);
  },
};

export const LINES: readonly Probe[] = [cut, slow, huge];
