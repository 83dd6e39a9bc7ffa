import * as v from 'valibot';
import { SecretsUnavailable } from './secrets.ts';

/**
 * Reads a secret document. The error says where and what is expected there, never what was found: neither the JSON
 * parser's own message nor the issue's input goes in, for both repeat pieces of the text.
 * @param place what to call the document in the error.
 * @throws SecretsUnavailable
 */
export function parseDocument<S extends v.GenericSchema>(place: string, schema: S, text: string): v.InferOutput<S> {
  const result = v.safeParse(schema, parseJson(place, text), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  if (path === null) throw new SecretsUnavailable(`${place} must be ${issue.message}.`, 'unfit');
  if (issue.received === 'undefined') throw new SecretsUnavailable(`${place} has no ${path}: add it.`, 'unfit');
  throw new SecretsUnavailable(`${place}: ${path} must be ${issue.message}.`, 'unfit');
}

/** @throws SecretsUnavailable */
export function parseJson(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SecretsUnavailable(`${place} is not JSON: write it anew.`, 'unfit');
  }
}
