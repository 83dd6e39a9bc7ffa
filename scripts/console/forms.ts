import * as v from 'valibot';
import { familyOf, isFamilyName } from '../marketplace/calls/families.ts';
import type { FamilyName } from '../marketplace/calls/family.ts';
import { CHARGING } from './charging.ts';
import type { Draft } from './shapes.ts';

const text = v.pipe(v.string(), v.maxLength(2_048));

const draftEntries = {
  product: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)),
  at: v.pipe(text, v.url()),
  family: v.custom<FamilyName>((value) => typeof value === 'string' && isFamilyName(value)),
  activity: text,
  charging: v.picklist(CHARGING),
  test: v.boolean(),
};

const hasActivity = ({ activity, family }: Pick<Draft, 'activity' | 'family'>) =>
  familyOf(activity, family) !== undefined;

/** A draft, perhaps about an instance that there is. */
export const draftSchema = v.pipe(
  v.object({ ...draftEntries, instanceId: v.exactOptional(text) }),
  v.check((draft) => hasActivity(draft)),
);

const formEntries = { ...draftEntries, members: v.record(v.string(), v.unknown()) };

export const formSchema = v.pipe(
  v.object(formEntries),
  v.check((draft) => hasActivity(draft)),
);

/** A saved case as it lies in the file. */
export const savedSchema = v.object({ ...formEntries, id: v.string(), savedAt: v.number() });
