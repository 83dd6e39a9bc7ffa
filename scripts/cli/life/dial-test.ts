import { familyNamed } from '../../marketplace/calls/families.ts';
import type { Charging } from '../../marketplace/calls/subject.ts';
import { casesOf, type ProductKind } from '../certify/matrix.ts';
import { converse, type Exchange } from '../conversation.ts';
import type { Target } from '../terminal/target.ts';
import type { LifeFamily } from './script.ts';

/** Replays the saved cases. The first that fails, if any does: one failing case fails the day. */
export async function failingCase(
  target: Target,
  family: LifeFamily,
  charging: Charging,
): Promise<Exchange | undefined> {
  for (const { family: name, activity, members, charging: mode, need } of casesOf(kindOf(family, charging))) {
    if (need === 'optional') continue;
    const subject = {
      test: true,
      charging: mode,
      instanceId: 'huaiweitest123456',
      businessId: 'koogate-dial-test',
    };
    const exchange = await converse(target, familyNamed(name), activity, {
      subject,
      wait: target.limit ?? 5_000,
      ...(members && { members }),
    });
    if (!exchange.judgement.passed) return exchange;
  }
  return undefined;
}

/** The product kind whose cases are saved. */
export function kindOf(family: LifeFamily, charging: Charging): ProductKind {
  const mode =
    charging === 'once' ? 'once' : charging === 'on-demand' || charging === 'package' ? 'on-demand' : 'period';
  if (family === 'saas-v2') return `saas-${mode}`;
  if (family === 'joint') return `joint-${mode}`;
  return family === 'saas-v1' ? `saas-v1-${mode}` : family;
}
