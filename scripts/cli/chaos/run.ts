import { succeeded } from '../certify/conduct/bench.ts';
import { codeOf, found } from '../certify/finding.ts';
import { applies, type Probe, type ProbeResult } from './probe.ts';
import { ENDS } from './probes/ends.ts';
import { FORGERIES } from './probes/forgeries.ts';
import { KEYS } from './probes/keys.ts';
import { KIT } from './probes/kit.ts';
import { LINES } from './probes/lines.ts';
import { MALFORMED } from './probes/malformed.ts';
import { REPEATS } from './probes/repeats.ts';
import { REPLAYS } from './probes/replays.ts';
import type { World } from './world.ts';

export const PROBES: readonly Probe[] = [
  ...REPEATS,
  ...REPLAYS,
  ...FORGERIES,
  ...ENDS,
  ...MALFORMED,
  ...KIT,
  ...LINES,
  ...KEYS,
];

/** Runs probes one after the other, and looks at the end whether an instance bought at the start is as it was. */
export async function runChaos(
  world: World,
  probes: readonly Probe[],
  onStep: (id: string, done: number) => void,
): Promise<ProbeResult[]> {
  const control = world.hasInstances ? await world.buy() : undefined;
  const results: ProbeResult[] = [];
  for (const [done, probe] of probes.entries()) {
    onStep(probe.id, done);
    results.push(await runProbe(world, probe));
  }
  onStep('control', probes.length);
  if (control !== undefined) results.push(await checkControl(world, control));
  return results;
}

async function runProbe(world: World, probe: Probe): Promise<ProbeResult> {
  if (!applies(probe, world)) return { id: probe.id, verdict: 'skipped', findings: [], did: {} };
  const result = await probe.run(world);
  const bad = result.findings.some(({ severity }) => severity === 'fail');
  return { id: probe.id, ...result, verdict: bad ? 'wrong' : result.unclear !== undefined ? 'unclear' : 'right' };
}

async function checkControl(
  world: World,
  { subject, instanceId }: { subject: object; instanceId: string },
): Promise<ProbeResult> {
  const again = await world.create(subject);
  const same = succeeded(again) && again.judgement.members?.instanceId === instanceId;
  const stored = await world.observed(instanceId);
  const active = stored === undefined || (stored !== 'nothing' && stored.state === 'ACTIVE');
  const findings = same && active ? [] : [found('chaos.control-changed', { code: codeOf(again) })];
  return { id: 'control', verdict: findings.length > 0 ? 'wrong' : 'right', findings, did: { [codeOf(again)]: 1 } };
}
