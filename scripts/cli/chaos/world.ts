import { randomUUID } from 'node:crypto';
import { activityOf } from '../../marketplace/calls/families.ts';
import type { Family } from '../../marketplace/calls/family.ts';
import { sendCall } from '../../marketplace/calls/send.ts';
import { freshOrderId, type Subject } from '../../marketplace/calls/subject.ts';
import { waiting } from '../../marketplace/calls/waiting.ts';
import { utcSeconds } from '../../marketplace/protocol/times.ts';
import { succeeded } from '../certify/conduct/bench.ts';
import { converse, type Drafted, draftCall, type Exchange, judged, type Wish } from '../conversation.ts';
import type { Target } from '../terminal/target.ts';
import type { Observer, StoredState } from './observer.ts';

/** A purchase made for a probe. */
export interface Bought {
  readonly subject: Partial<Subject>;
  readonly instanceId: string;
}

export interface WorldOptions {
  readonly observe?: Observer;
  /** Milliseconds to wait for an instance to be ready. */
  readonly patience: number;
}

/** The server under test, spoken to in real calls of one family. */
export class World {
  readonly target: Target;
  readonly family: Family;
  readonly options: WorldOptions;

  constructor(target: Target, family: Family, options: WorldOptions) {
    this.target = target;
    this.family = family;
    this.options = options;
  }

  /** True if the family has instances that are bought and released. */
  get hasInstances(): boolean {
    return this.creation !== undefined;
  }

  /** The activity by which an instance is bought: License 1.0 has a name of its own for it. */
  get creation(): string | undefined {
    return ['newInstance', 'getLicense'].find((name) => this.family.activities[name] !== undefined);
  }

  /** Signs with a window and a nonce. */
  get hasStamps(): boolean {
    return this.family.scheme === 'query' || this.family.scheme === 'headers';
  }

  /** A purchase nobody has made before. */
  newPurchase(): Partial<Subject> {
    const orderId = freshOrderId(Date.now(), 'CHAOS');
    return { test: false, orderId, orderLineId: `${orderId}-000001`, customerId: `koogate-chaos-${orderId}` };
  }

  call(activity: string, wish: Wish): Promise<Exchange> {
    return converse(this.target, this.family, activity, { ...wish, subject: { test: false, ...wish.subject } });
  }

  draft(activity: string, wish: Wish): Drafted {
    return draftCall(this.target, this.family, activity, { ...wish, subject: { test: false, ...wish.subject } });
  }

  /** Sends a drafted call exactly as it stands; the second time that is a replay. */
  async deliver(activity: string, drafted: Drafted): Promise<Exchange> {
    const outcome = await sendCall(drafted.call, { insecure: this.target.insecure });
    return judged(this.target, this.family, activity, drafted, outcome);
  }

  /** A purchase with a fresh businessId, as each of the marketplace's own retries has. */
  create(subject: Partial<Subject>, wish: Wish = {}): Promise<Exchange> {
    return this.call(this.creation ?? '', { ...wish, subject: { ...subject, businessId: randomUUID() } });
  }

  /** Buys, and waits until the instance is ready. Undefined if the server does not sell. */
  async buy(): Promise<Bought | undefined> {
    const subject = this.newPurchase();
    const exchange = await this.create(subject);
    const instanceId = exchange.judgement.members?.instanceId;
    if (!succeeded(exchange) || typeof instanceId !== 'string') return undefined;
    await this.ready(instanceId);
    return { subject: { ...subject, instanceId }, instanceId };
  }

  /** Polls queryInstance as the marketplace does. */
  async ready(instanceId: string): Promise<boolean> {
    if (this.family.activities.queryInstance === undefined) return true;
    const until = Date.now() + this.options.patience;
    for (;;) {
      const exchange = await waiting.run(true, () => this.call('queryInstance', { subject: { instanceId } }));
      if (exchange.judgement.members?.resultCode === '000000') return true;
      if (exchange.judgement.members?.resultCode !== '000004' || Date.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Draft of a status call; V1.0 names both differently. */
  statusDraft(instanceId: string, status: 'FREEZE' | 'UNFREEZE', wish: Wish = {}): [activity: string, Drafted] {
    const v1 = this.family.activities.instanceStatus !== undefined;
    const members = v1 ? { instanceStatus: status === 'FREEZE' ? 'FREEZE' : 'NORMAL' } : { status };
    const activity = v1 ? 'instanceStatus' : 'updateInstanceStatus';
    return [activity, this.draft(activity, { ...wish, members, subject: { ...wish.subject, instanceId } })];
  }

  async setStatus(instanceId: string, status: 'FREEZE' | 'UNFREEZE', wish: Wish = {}): Promise<Exchange> {
    const [activity, drafted] = this.statusDraft(instanceId, status, wish);
    return this.deliver(activity, drafted);
  }

  renew(instanceId: string, orderId: string, expiresAt: number, wish: Wish = {}): Promise<Exchange> {
    return this.call('refreshInstance', {
      ...wish,
      subject: { ...wish.subject, instanceId, orderId, orderLineId: `${orderId}-000001`, expiresAt },
      members: { ...wish.members, expireTime: utcSeconds(expiresAt) },
    });
  }

  /** Release for expiry: without an order of its own, but in V1.0 with the purchase's. */
  release({ instanceId, subject }: Bought, wish: Wish = {}): Promise<Exchange> {
    const activity = this.creation === 'getLicense' ? 'releaseLicense' : 'releaseInstance';
    return this.call(activity, { ...wish, subject: { ...subject, ...wish.subject, instanceId } });
  }

  /** Reads what the server has stored; undefined if nobody can look. */
  async observed(instanceId: string): Promise<StoredState | 'nothing' | undefined> {
    if (this.options.observe === undefined) return undefined;
    return (await this.options.observe(instanceId)) ?? 'nothing';
  }

  /** An activity of the family that can be repeated at will, for families without instances. */
  get repeatable(): string {
    const [first = ''] = Object.keys(this.family.activities);
    return this.creation ?? first;
  }

  mandatoryOf(activity: string): readonly string[] {
    return activityOf(this.family, activity).mandatory;
  }
}
