import type { Subject } from './subject.ts';

/** Interface families in which the marketplace calls a seller. */
export type FamilyName =
  | 'saas-v2'
  | 'saas-v1'
  | 'kit-v2'
  | 'kit-v1'
  | 'license-2'
  | 'license-online'
  | 'license-1'
  | 'order-notify'
  | 'maas';

/** Classes of access keys in the console's key management. */
export type KeyClass = 'base' | 'kit' | 'license' | 'general';

/** Scheme by which a call is signed: in the query, in headers, by a token in the query or in a header. */
export type Scheme = 'query' | 'headers' | 'token' | 'token-header';

export type Members = Readonly<Record<string, unknown>>;

/** Content of a good answer besides its result code. */
export type AnswerShape = 'plain' | 'instance' | 'instance-with-access' | 'instances' | 'apikey';

export interface Activity {
  readonly members: (subject: Subject) => Members;
  readonly answer: AnswerShape;
  /** Codes that count as success of a real call. */
  readonly codes: readonly string[];
  /** Members without which the call means nothing. */
  readonly mandatory: readonly string[];
}

export interface Family {
  readonly name: FamilyName;
  readonly scheme: Scheme;
  readonly keyClass: KeyClass;
  /** A further class whose keys a server may take, where no document says which class is meant. */
  readonly orClass?: KeyClass;
  /** Path below the production address, for the Kit. */
  readonly path?: string;
  /** `required`: its absence fails the call. `expected`: documents are silent, its absence is worth a warning. */
  readonly bodySign: 'required' | 'expected';
  readonly activities: Readonly<Record<string, Activity>>;
}

/** An activity that answers with a result code alone. */
export function plain(mandatory: readonly string[], members: (subject: Subject) => Members): Activity {
  return { members, mandatory, answer: 'plain', codes: ['000000'] };
}

/** `testFlag` of the base interfaces: a text, and absent in real calls. */
export function testFlag({ test }: Subject): Members {
  return test ? { testFlag: '1' } : {};
}
