import { type ApiAnswer, answered, readJson, type VerifiedRequest } from './open-api.ts';

/** The members of a licence API's body, or why the API refuses them. */
export function readLicenseRequest({ headers, body }: VerifiedRequest): {
  readonly members: Readonly<Record<string, unknown>>;
  readonly refusal?: ApiAnswer;
} {
  if (headers['content-type'] !== 'application/json') return refuse(415, '95000003', 'Content type not supported');
  const members = readJson(body);
  if (members === undefined) return refuse(400, '95000004', 'req message is not readable');
  const { real_effect_time: time } = members;
  const isTime = time === undefined || (typeof time === 'string' && /^\d{14}$/.test(time));
  return isTime ? { members } : refuse(400, '95000001', 'req param is invalid');
}

function refuse(status: number, code: string, message: string) {
  return { members: {}, refusal: answered(status, code, message) };
}
