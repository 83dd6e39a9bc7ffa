import { strict as assert } from 'node:assert';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Product } from '../../lib/config/products.ts';
import type { RouteEvent } from '../../lib/middleware/route.ts';
import type { Access } from '../../lib/seller/contract.ts';
import { activityOf, FAMILIES } from '../marketplace/calls/families.ts';
import type { Family, FamilyName, Members } from '../marketplace/calls/family.ts';
import { type PreparedCall, prepareCall } from '../marketplace/calls/prepare.ts';
import { presets } from '../marketplace/calls/presets.ts';
import { newSubject, type Subject } from '../marketplace/calls/subject.ts';
import { openValue, sealValue } from '../marketplace/protocol/aes.ts';
import { checkBodySign } from '../marketplace/protocol/body-sign.ts';
import { openOaep, sealOaep } from '../marketplace/protocol/oaep.ts';
import { type AccessKeys, credentialsKey } from './keys.ts';
import { toRouteEvent } from './route-event.ts';

/** An answer whose signature was found to hold. */
export interface MarketplaceAnswer {
  /** `000000` success, `000004` being provisioned; docs/saas-v2.md has the others. */
  readonly resultCode: string;
  readonly resultMsg: string;
  /** HTTP status. */
  readonly status: number;
  /** All members, credentials still encrypted. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A call to be signed and sent. */
export interface ClientCall {
  readonly activity: string;
  readonly family?: FamilyName | undefined;
  /** A debugging call of the seller console: `testFlag` 1. */
  readonly isTest?: boolean;
  readonly subject?: Partial<Subject>;
  /** Members that differ from a plausible call; one that is undefined is left out. */
  readonly members?: Members;
}

type Route = (event: RouteEvent, context: Context) => Promise<unknown>;

/** The marketplace's client of one product: signs calls, passes them to the route, checks and decrypts the answers. */
export class ProductClient {
  readonly product: Product;
  private readonly route: Route;
  private readonly accessKeys: AccessKeys;
  private readonly tick: () => number;

  /** @param tick the moment of the next call, Unix milliseconds; no two calls have the same */
  constructor(product: Product, route: Route, accessKeys: AccessKeys, tick: () => number) {
    this.product = product;
    this.route = route;
    this.accessKeys = accessKeys;
    this.tick = tick;
  }

  /** The first of the product's families that has the activity. @throws Error if none has */
  family(activity: string, named?: FamilyName): Family {
    const own = FAMILIES.filter(({ name }) => (named === undefined ? this.takes(name) : name === named));
    const family = own.find(({ activities }) => Object.hasOwn(activities, activity));
    if (family !== undefined) return family;
    const { name, families } = this.product;
    throw new Error(`The product "${name}" takes no ${activity}: its families are ${families.join(', ')}.`);
  }

  takes(name: FamilyName): boolean {
    return (this.product.families as readonly string[]).includes(name);
  }

  /** Encrypts a personal value of V1.0. */
  readonly seal = (plain: string): string => sealValue(this.accessKeys.base, this.encryptType, plain);

  /** Sends a call and checks its answer. @throws AssertionError if the answer's signature does not hold */
  async send({
    activity,
    family: named,
    isTest = false,
    subject = {},
    members = {},
  }: ClientCall): Promise<MarketplaceAnswer> {
    const family = this.family(activity, named);
    const now = this.tick();
    const whole = newSubject({
      ...presets(family, isTest),
      now,
      test: isTest,
      seal: this.seal,
      sealSecret: (plain) => sealOaep(credentialsKey(), plain, { hash: 'sha256', mgf1: 'sha256' }),
      ...subject,
    });
    const sent = Object.entries({ ...activityOf(family, activity).members(whole), ...members });
    const key = this.accessKeys[family.keyClass];
    const call = prepareCall({
      family,
      activity,
      members: Object.fromEntries(sent.filter(([, value]) => value !== undefined)),
      at: `https://koogate.test/produce/${this.product.name}`,
      key,
      now,
    });
    return this.answered(call, key, now, activity);
  }

  /** User name and password of an answer in the clear. @throws AssertionError if they cannot be opened */
  open(appInfo: unknown, encryptType: unknown): Access | undefined {
    if (typeof appInfo !== 'object' || appInfo === null) return undefined;
    const access = { ...appInfo } as Access;
    const { userName, password } = access;
    return {
      ...access,
      ...(userName === undefined ? {} : { userName: this.opened(userName, encryptType) }),
      ...(password === undefined ? {} : { password: this.opened(password, encryptType) }),
    };
  }

  private opened(text: string, encryptType: unknown): string {
    const { credentials } = this.product;
    // V1.0 says how it has encrypted; V2.0 has nothing to say: what is AES to the product is plain text there.
    if (encryptType === undefined && credentials.scheme !== 'rsa-oaep') return text;
    const plain =
      encryptType === undefined && credentials.scheme === 'rsa-oaep'
        ? openOaep(credentialsKey(), Buffer.from(text, 'base64'), {
            hash: credentials.hash,
            mgf1: credentials.mgf1Hash,
          })
        : openValue(this.accessKeys.base, encryptType === '2' ? '2' : '1', text);
    assert(
      plain !== undefined,
      `The credentials of "${this.product.name}" cannot be opened with ${credentials.scheme}.`,
    );
    return plain;
  }

  private get encryptType(): '1' | '2' {
    const { credentials, credentialsV1 } = this.product;
    const { scheme } = credentials.scheme.startsWith('aes-') ? credentials : (credentialsV1 ?? { scheme: 'aes-256' });
    return scheme === 'aes-128' ? '2' : '1';
  }

  private async answered(call: PreparedCall, key: string, now: number, activity: string): Promise<MarketplaceAnswer> {
    const context = { awsRequestId: `test-${now}` } as Context; // the one member that the route reads
    const result = (await this.route(toRouteEvent(call, now), context)) as APIGatewayProxyStructuredResultV2;
    const { statusCode: status = 0, headers = {}, body: text = '' } = result;
    const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'body-sign')?.[1];
    const verdict = checkBodySign(key, Buffer.from(text), header === undefined ? undefined : String(header));
    assert.equal(
      verdict,
      'holds',
      `The answer to ${activity} (status ${status}: ${text}) has a Body-Sign that is ${verdict}.`,
    );
    const body: Readonly<Record<string, unknown>> = JSON.parse(text);
    return { resultCode: String(body.resultCode), resultMsg: String(body.resultMsg ?? ''), status, body };
  }
}
