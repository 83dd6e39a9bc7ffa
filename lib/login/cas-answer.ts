import * as v from 'valibot';
import { readXml } from './xml.ts';

/**
 * Reads what an identity centre says to a ticket: XML or JSON, whichever it sends. Nothing is guessed: an answer that says
 * anything twice, or has parts elsewhere than documented, is no answer.
 */

/** Attributes of the user whom a ticket belongs to, or the code of a refusal. */
export type CasAnswer = { readonly attributes: ReadonlyMap<string, string> } | { readonly failure: string };

const NAMESPACE = 'http://www.yale.edu/tp/cas';
/** Attributes of a user that are read at most. */
const MOST_ATTRIBUTES = 100;

/** @returns undefined unless the text is an answer of CAS 3.0 */
export function readCasAnswer(text: string): CasAnswer | undefined {
  try {
    return text.trimStart().startsWith('{') ? fromJson(JSON.parse(text)) : fromXml(text);
  } catch {
    return undefined;
  }
}

const scalar = v.union([v.string(), v.number(), v.boolean()]);
const code = v.pipe(v.string(), v.regex(/^[A-Z_]{1,64}$/));

const JsonAnswer = v.strictObject({
  serviceResponse: v.union([
    v.strictObject({ authenticationFailure: v.object({ code }) }),
    v.strictObject({
      authenticationSuccess: v.object({
        user: v.pipe(v.string(), v.minLength(1)),
        attributes: v.optional(v.record(v.string(), v.nullable(v.union([scalar, v.array(v.unknown())]))), {}),
      }),
    }),
  ]),
});

function fromJson(value: unknown): CasAnswer {
  const { serviceResponse } = v.parse(JsonAnswer, value);
  if ('authenticationFailure' in serviceResponse) return { failure: serviceResponse.authenticationFailure.code };
  const { attributes } = serviceResponse.authenticationSuccess;
  const single = Object.entries(attributes).flatMap(([name, given]): [string, string][] => {
    const value = Array.isArray(given) && given.length === 1 ? given[0] : given; // the standard makes lists of all
    const read = v.safeParse(scalar, value);
    return read.success ? [[name, String(read.output)]] : [];
  });
  return answerOf(single);
}

/** Elements that may stand inside another, from the outside in; leaves hold text alone. */
const SUCCESS = 'serviceResponse/authenticationSuccess';
const FAILURE = 'serviceResponse/authenticationFailure';
const BRANCHES: readonly string[] = ['serviceResponse', SUCCESS, `${SUCCESS}/attributes`];
const USER = `${SUCCESS}/user`;
const LEAVES: readonly string[] = [FAILURE, USER, `${SUCCESS}/proxyGrantingTicket`];
const ATTRIBUTE = new RegExp(`^${SUCCESS}/attributes/[^/]+$`);

function fromXml(text: string): CasAnswer | undefined {
  const seen = new Set<string>();
  const attributes: [string, string][] = [];
  let hasUser = false;
  let failure: string | undefined;
  readXml(text, NAMESPACE, {
    opened(path, given) {
      const isAttribute = ATTRIBUTE.test(path);
      if (!isAttribute && (seen.has(path) || !(BRANCHES.includes(path) || LEAVES.includes(path)))) refuse();
      seen.add(path);
      if (path === FAILURE) failure = v.parse(code, given.get('code'));
    },
    closed(path, content) {
      if (BRANCHES.includes(path) && content.trim() !== '') refuse();
      if (path === USER) hasUser = content.trim() !== '';
      if (ATTRIBUTE.test(path)) attributes.push([path.slice(path.lastIndexOf('/') + 1), content]);
    },
  });
  if (failure !== undefined) return seen.has(SUCCESS) ? undefined : { failure };
  return hasUser ? answerOf(attributes) : undefined;
}

function refuse(): never {
  throw new Error('not an answer of CAS 3.0');
}

/** Attributes with one value; of several nobody could say which holds. */
function answerOf(attributes: readonly [string, string][]): CasAnswer {
  if (attributes.length > MOST_ATTRIBUTES) throw new Error('more attributes than anybody has');
  const single = new Map<string, string>(attributes);
  for (const [n, [name]] of attributes.entries()) {
    if (attributes.findIndex(([other]) => other === name) !== n) single.delete(name);
  }
  return { attributes: single };
}
