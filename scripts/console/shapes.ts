import type { ProductKind } from '../cli/certify/matrix.ts';
import type { Check } from '../cli/checks/check.ts';
import type { OpenedInstance } from '../cli/checks/content.ts';
import type { Cause } from '../cli/doctor/cause.ts';
import type { CaseState } from '../cli/open-api/cases.ts';
import type { FamilyName } from '../marketplace/calls/family.ts';
import type { Charging } from '../marketplace/calls/subject.ts';
import type { DeployedSetup } from './deployed/shapes.ts';

/*
 * Shapes of what the page and its server send each other, as JSON. Sentences travel as their names and values, so that
 * the page can change its language without asking again. Times are Unix milliseconds.
 */

/** Choices that the page offers, as the seller console does. */
export interface Setup {
  /** The installation that is operated; absent beside `npm start`. */
  readonly deployed?: DeployedSetup;
  readonly products: readonly ProductChoice[];
  readonly families: readonly FamilyChoice[];
}

export interface ProductChoice {
  readonly name: string;
  /** Its production address here. */
  readonly at: string;
  readonly families: readonly FamilyName[];
  /** Kinds that its families can be certified as. */
  readonly kinds: readonly ProductKind[];
}

export interface FamilyChoice {
  readonly name: FamilyName;
  readonly activities: readonly string[];
}

/** Whom to call, and which of the presets to begin with. */
export interface Draft {
  readonly product: string;
  readonly at: string;
  readonly family: FamilyName;
  readonly activity: string;
  readonly charging: Charging;
  /** A debugging call: `testFlag` 1. */
  readonly test: boolean;
}

/** A call with all its parameters; nothing is added but the stamps of the moment it is signed. */
export interface CallForm extends Draft {
  readonly members: Readonly<Record<string, unknown>>;
}

export interface Preset {
  readonly members: Readonly<Record<string, unknown>>;
  readonly mandatory: readonly string[];
}

/** A request as it goes over the wire. The access key and the text that was signed stay on the server. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SignedRequest extends WireRequest {
  /** Sends exactly this request, once, while it holds. */
  readonly id: string;
  readonly holdsUntil: number;
}

export type WireResponse =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly milliseconds: number;
    }
  | { readonly kind: 'failure'; readonly reason: string; readonly detail: string; readonly milliseconds: number };

/** One call and what came of it. */
export interface Report {
  /** Names the exchange when it is saved as a case. */
  readonly id: string;
  /** A debugging call, as the seller console makes them. */
  readonly test: boolean;
  readonly sentAt: number;
  readonly passed: boolean;
  /** Name of the sentence that the seller console would say. */
  readonly console: string;
  readonly request: WireRequest;
  readonly response: WireResponse;
  readonly checks: readonly Check[];
  readonly credentials: readonly OpenedInstance[];
  /** The instance that a successful call was about. */
  readonly instanceId?: string;
}

export interface SavedCase extends CallForm {
  readonly id: string;
  readonly savedAt: number;
}

/** Key of an item in the table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** One line of the list of instances, order notices and licences. Nothing that is sealed, and nothing personal. */
export interface Subject {
  readonly key: ItemKey;
  readonly kind: 'instance' | 'order-notice' | 'license';
  readonly id: string;
  readonly state?: string;
  readonly wanted?: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly waiting: number;
  readonly setAside: number;
  /** Made by `chaos` or `simulate life`. */
  readonly rehearsal?: true;
}

/** Something that happened to an instance, or will. */
export interface TimelineEvent {
  readonly at: number;
  readonly what:
    | 'called'
    | 'accepted'
    | 'done'
    | 'moot'
    | 'refused'
    | 'failed'
    | 'running'
    | 'next'
    | 'requeued'
    | 'expires';
  /** Name of a change or of a call. */
  readonly change?: string;
  readonly scene?: string;
  readonly orderId?: string;
  /** Attempts made so far. */
  readonly attempts?: number;
  readonly milliseconds?: number;
  readonly reason?: string;
  /** The code that a call was answered with. */
  readonly code?: string;
}

/** Instances of rehearsals that were cleared out of the table, and those that still have something to do. */
export interface Cleared {
  readonly cleared: number;
  readonly busy: number;
}

export interface Timeline {
  readonly subject: Subject;
  readonly events: readonly TimelineEvent[];
}

/** A finding of the certification: name and values of its sentence. */
export interface FoundThing {
  readonly id: string;
  readonly severity: 'fail' | 'warn';
  readonly values?: Readonly<Record<string, string | number>>;
  readonly causes?: readonly Cause[];
}

export interface CertifiedCase {
  readonly id: string;
  readonly family: FamilyName;
  readonly activity: string;
  readonly need: 'required' | 'optional';
  readonly passed: boolean;
  readonly sendings: number;
  readonly passedSendings: number;
  readonly console: string;
  readonly findings: readonly FoundThing[];
}

export interface Certificate {
  readonly kind: ProductKind;
  readonly at: string;
  readonly seed: number;
  readonly verdict: { readonly id: string; readonly count: number; readonly good: boolean };
  readonly cases: readonly CertifiedCase[];
  readonly questions: number;
  readonly troubled: readonly {
    readonly id: string;
    readonly family: FamilyName;
    readonly findings: readonly FoundThing[];
  }[];
  readonly suspects: readonly FoundThing[];
  readonly openApis: readonly CaseState[];
}

/** Outcome of a call of an open API. */
export interface OpenApiAnswer {
  readonly passed: boolean;
  /** Address that answered. */
  readonly place: string;
  /** Members of the answer, one a line; or why it was refused. */
  readonly text: string;
  readonly states: readonly CaseState[];
}

/** A line of the certification's stream. */
export type CertifyLine =
  | { readonly step: string; readonly done: number; readonly total: number }
  | { readonly certificate: Certificate }
  | { readonly problem: Said };

/** A sentence by name. */
export interface Said {
  readonly id: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** An order that the stand-in gives out from now on. */
export interface MadeOrder {
  readonly orderId: string;
  readonly orderLineId: string;
  /** Address of the stand-in. */
  readonly place: string;
}
