import type { Activity, Family, FamilyName } from './family.ts';
import { kitV1, kitV2 } from './kit.ts';
import { license2, licenseOnline, orderNotify } from './license.ts';
import { maas } from './maas.ts';
import { license1, saasV1 } from './saas-v1.ts';
import { saasV2 } from './saas-v2.ts';

/** Every family, the newer of two with the same activity first. */
export const FAMILIES: readonly Family[] = [
  saasV2,
  saasV1,
  kitV2,
  kitV1,
  license2,
  licenseOnline,
  license1,
  orderNotify,
  maas,
];

export function isFamilyName(text: string): text is FamilyName {
  return FAMILIES.some(({ name }) => name === text);
}

export function familyNamed(name: FamilyName): Family {
  const family = FAMILIES.find((one) => one.name === name);
  if (family === undefined) throw new Error(`no family ${name}`);
  return family;
}

/** The family of an activity: the one named, or the first that has it. */
export function familyOf(activity: string, name?: FamilyName): Family | undefined {
  return FAMILIES.find(
    (family) => (name === undefined || family.name === name) && Object.hasOwn(family.activities, activity),
  );
}

export function activityOf(family: Family, name: string): Activity {
  const activity = family.activities[name];
  if (activity === undefined) throw new Error(`${family.name} has no ${name}`);
  return activity;
}

/** Names of all activities, each once. */
export function activityNames(): string[] {
  return [...new Set(FAMILIES.flatMap(({ activities }) => Object.keys(activities)))];
}

/** Keys that must not open a family: those of other classes. */
export function foreignKeys(
  { keyClass, orClass }: Family,
  ring: Readonly<Record<string, readonly string[]>>,
): string[] {
  const own = [...(ring[keyClass] ?? []), ...(orClass === undefined ? [] : (ring[orClass] ?? []))];
  return Object.values(ring)
    .flat()
    .filter((key) => !own.includes(key));
}
