import { Refusal } from '../../../lib/protocol/refusal.ts';
import { Problem } from '../../cli/terminal/problem.ts';

/** Errors of our own whose message is a plain sentence. */
const PLAIN = /^Table(Unfit|Unavailable)$|^(OutcomeUnknown|SecretsUnavailable)$/;

/** Makes an error that a person can put right a Problem of the page; any other stays what it is, a defect. */
export function saidOf(error: unknown): unknown {
  const { name, message, $metadata } = Object(error);
  if (error instanceof Refusal) return new Problem('page.refused.shape');
  if (name === 'CredentialsProviderError') return new Problem('page.problem.aws-credentials');
  if (PLAIN.test(String(name))) return new Problem('page.problem.said', { message });
  if ($metadata !== undefined) return new Problem('page.problem.aws', { name, message });
  return error;
}
