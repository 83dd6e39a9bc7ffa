import type { Binding } from './tenant-contract.ts';

/** Functions that the seller of a joint-operation product writes if KooGate's login function signs its users in. */
export interface LoginHooks {
  /**
   * Somebody has signed in at the identity centre of their tenant, or has done so before and comes to be renewed. Make a
   * session of your own, or turn them away: check `user` against the users that the marketplace has told of.
   */
  signedIn(login: Login, context: LoginContext): Promise<Session | TurnedAway>;
  /**
   * The same for a product whose login has the protocol `cas3`: a ticket of the workbench has proved who the user is, and
   * there are no tokens. One function may serve as both.
   */
  signedInByTicket?(login: TicketLogin, context: LoginContext): Promise<Session | TurnedAway>;
  /** Somebody leaves: end the session of your own. */
  signedOut?(logout: Logout, context: LoginContext): Promise<Pick<Session, 'cookies'> | undefined>;
}

export interface LoginContext {
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  readonly now: Date;
  /** The browser's own cookies, as sent. */
  readonly cookies: readonly string[];
}

export interface Login {
  /** The tenant, and the instance whose application was found for it. */
  readonly binding: Binding;
  readonly appId: string;
  readonly user: LoginUser;
  /** In the clear; whoever has them is the user. The refresh token need not be kept: KooGate closes it into a cookie. */
  readonly tokens: Tokens;
  /** Destination that the user asked for: a path of the seller's site. */
  readonly returnTo: string;
  /** The user did not sign in just now: the tokens were renewed. */
  readonly isRenewal: boolean;
}

/** A login that a ticket has proved; when it is to end is for the seller to say. */
export type TicketLogin = Omit<Login, 'tokens' | 'isRenewal'>;

/** Data of the identity centre about a user; other members are kept out. */
export interface LoginUser {
  readonly userId?: string;
  /** Unique within the tenant alone. */
  readonly userName: string;
  readonly name?: string;
  readonly email?: string;
  readonly mobile?: string;
  readonly role?: string;
  readonly organizationName?: string;
  readonly organizationCode?: string;
  readonly tenantName?: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly expiresAt: Date;
  /** Absent where the identity centre gives none. */
  readonly refreshToken?: string;
}

export interface Session {
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[];
  /** Destination, if it is not `returnTo`: a path of the seller's site, or an address of the seller's choice. */
  readonly location?: string;
}

/** The user may not come in; the reason is shown to them. */
export interface TurnedAway {
  readonly turnedAway: { readonly reason: string };
}

export interface Logout {
  readonly binding: Binding;
  readonly appId: string;
}
