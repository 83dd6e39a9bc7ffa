import * as v from 'valibot';
import { present } from './message-fields.ts';
import { Refusal } from './refusal.ts';

/**
 * The members of a call, checked against a schema; null and the empty text count as absent.
 * @throws Refusal 000002 that names the first member which is missing or not as documented.
 */
export function checkMembers<S extends v.GenericSchema<unknown, unknown>>(
  schema: S,
  members: Readonly<Record<string, unknown>>,
): v.InferOutput<S> {
  const result = v.safeParse(schema, present(members), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const isMissing = issue.path?.some(({ origin }) => origin === 'key');
  throw new Refusal('000002', `${v.getDotPath(issue) ?? 'body'} ${isMissing ? 'is missing' : issue.message}`);
}
