import type { Charging } from '../../marketplace/calls/subject.ts';
import type { OrderClient } from '../../marketplace/stand-in/order-client.ts';
import type { Observer } from '../chaos/observer.ts';
import type { LifeClock } from './clock.ts';
import type { LifeOrders } from './orders.ts';
import type { CreationRetries } from './retries.ts';
import type { LifeFamily } from './script.ts';

/** One line of the timeline. */
export interface Happening {
  /** Virtual milliseconds since the start. */
  readonly at: number;
  readonly what:
    | 'call'
    | 'twin'
    | 'late'
    | 'repeat'
    | 'restart'
    | 'poll'
    | 'dial-test'
    | 'gave-up'
    | 'lost'
    | 'ignored';
  readonly activity: string;
  readonly purchase: number;
  readonly code: string;
  readonly good: boolean;
  readonly milliseconds: number;
  /** Names a sentence. */
  readonly why?: string;
  /** Values for the sentence's places. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface LifeOptions {
  readonly family: LifeFamily;
  readonly charging: Charging;
  readonly purchases: number;
  readonly retries: CreationRetries;
  /** Share of good answers that get lost on the way back, 0 to 1. */
  readonly loss: number;
  readonly random: () => number;
  readonly clock: LifeClock;
  /** Real milliseconds that an instance may take until it is ready. */
  readonly patience: number;
  /** Dial tests twice a day. */
  readonly dialTests: boolean;
  readonly onHappening: (happening: Happening) => void;
  /** The stand-in that the server asks for orders; without it a life's orders are known to nobody. */
  readonly orders?: OrderClient;
  readonly given?: LifeOrders;
  /** Looks what the server has stored. */
  readonly observe?: Observer;
}
