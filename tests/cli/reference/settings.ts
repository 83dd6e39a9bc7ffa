import type { KeyObject } from 'node:crypto';

/** A call as the reference server sees it. */
export interface Heard {
  readonly method: string;
  /** Path below the production address, e.g. `/produceAPI/v2/tenantSync`. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Members = Readonly<Record<string, unknown>>;

/** How a call is refused or answered: a result code and what goes with it. */
export interface Reply {
  readonly resultCode: unknown;
  readonly resultMsg?: string;
  readonly [member: string]: unknown;
}

export type Keys = Readonly<Record<'base' | 'kit' | 'license' | 'general', readonly string[]>>;

/** Every place where a wrong server does something else. */
export interface Settings {
  readonly keys: Keys;
  readonly privateKey?: KeyObject;
  readonly clock: () => number;
  /** The key that verified, or the code of the refusal. */
  readonly verify: (heard: Heard, settings: Settings) => { key: string } | { refused: string };
  readonly window: (timestamp: string, now: number) => boolean;
  /** Whether a nonce may pass; remembers it. */
  readonly nonce: (nonce: string, activity: string) => boolean;
  readonly bodySign: (key: string, body: Buffer, heard: Heard) => string | undefined;
  /** Whether refusals are signed too. */
  readonly signRefusals: boolean;
  readonly statusOfRefusal: number;
  readonly contentType: string;
  /** Spelling of a header's name. */
  readonly spell: (name: string) => string;
  /** Status for methods that no call uses; they are answered like the others unless told. */
  readonly statusOfOtherMethods?: number;
  readonly acceptsType: (type: string) => boolean;
  readonly serialise: (reply: Reply) => string;
  /** What is wrong with the members of a call. */
  readonly invalid: (activity: string, members: Members) => Reply | undefined;
  /** Answer to a debugging call. */
  readonly debug: (activity: string, members: Members, settings: Settings, key: string) => Reply;
  readonly isTest: (members: Members) => boolean;
  /** Answer to a real call. */
  readonly act: (
    activity: string,
    members: Members,
    settings: Settings,
    key: string,
    sentAt: number,
  ) => Reply | Promise<Reply>;
  readonly unknownActivity: (activity: string) => Reply;
  readonly sealAccess: (key: string, text: string) => string;
  readonly instances: Map<string, Instance>;
  readonly newId: (members: Members, instances: Map<string, Instance>) => string;
  /** Milliseconds by which every answer is late. */
  readonly delay: (activity: string) => number;
  readonly access: Members;
}

export interface Instance {
  state: 'ACTIVE' | 'FROZEN' | 'RELEASED';
  expiresAt: string;
  readonly orders: Set<string>;
  statusAt: number;
  expireSetAt: number;
  /** What was bought, where a server has asked for the order. */
  skuCode?: string;
  seats?: number;
}
