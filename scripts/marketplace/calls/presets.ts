import type { Family } from './family.ts';
import type { Charging, Subject } from './subject.ts';

/** The console's preset values: mock orders in V2.0, fixed example ids in V1.0. */
export function presets(family: Family, test: boolean, charging: Charging = 'period'): Partial<Subject> {
  const examples = { orderId: 'CS1906666666ABCDE', productId: '00301-666666-0--0' };
  return {
    test,
    charging,
    ...(test && { instanceId: 'huaiweitest123456' }),
    ...(test && family.scheme === 'token' && examples),
  };
}
