import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Observations } from '../lib/alarms/observations.ts';
import type { Product } from '../lib/config/products.ts';
import type { Log } from '../lib/log.ts';
import { answerBareDomain } from '../lib/middleware/answer-bare-domain.ts';
import { answerErrors } from '../lib/middleware/answer-errors.ts';
import { authenticate } from '../lib/middleware/authenticate.ts';
import { encryptCredentials } from '../lib/middleware/encrypt-credentials.ts';
import { fitLengths } from '../lib/middleware/fit-lengths.ts';
import { forbidStorage } from '../lib/middleware/forbid-storage.ts';
import { observe } from '../lib/middleware/observe.ts';
import type { RouteEvent, RouteResult, RouteState } from '../lib/middleware/route.ts';
import { signBody } from '../lib/middleware/sign-body.ts';
import type { Secrets } from '../lib/secrets/secrets.ts';
import type { ActivityTools } from './activities/activity.ts';
import { activities } from './activities/index.ts';
import { withinBudget } from './deadline.ts';

/** Milliseconds after the gateway took a call by which it is answered; the marketplace waits five seconds. */
const DEADLINE_MS = 4_000;

/** The signal of calls that have nothing to wait for. */
const NEVER = new AbortController().signal;

/** Dependencies of the route. */
export interface ProduceDependencies extends ActivityTools {
  readonly products: ReadonlyMap<string, Product>;
  readonly secrets: Pick<Secrets, 'product'>;
  readonly log: Log;
  /** Counts the calls; absent where nobody looks at the counts. */
  readonly observations?: Pick<Observations, 'count' | 'begin' | 'settle'>;
}

/**
 * The one public route: every call of the marketplace, for every product. Beside it a domain's `GET /` is answered 200.
 *
 * middy runs `before` from the top and `after` and `onError` from the bottom, so a refusal thrown anywhere becomes an
 * answer first, is signed next, and is logged last, just as a success is.
 */
export function createProduce(deps: ProduceDependencies) {
  const { log, products, secrets, observations } = deps;
  const clock = () => deps.clock();
  return middy<RouteEvent, RouteResult, Error, Context, RouteState>({ timeoutEarlyInMillis: 0 })
    .use(answerBareDomain())
    .use(forbidStorage())
    .use(observe({ log, clock, ...(observations && { observations }) }))
    .use(signBody())
    .use(fitLengths({ log }))
    .use(encryptCredentials({ log }))
    .use(answerErrors({ log }))
    .use(authenticate({ products, secrets, clock }))
    .handler(async ({ authenticated }: RouteEvent) => {
      if (authenticated === undefined)
        throw new Error('A call reached the activities without having been authenticated.');
      const { call, product, receivedAt } = authenticated;
      const handle = activities[call.family]?.[call.activity];
      if (handle === undefined) throw new Error(`No handler takes ${call.activity} of the family ${call.family}.`);
      if (call.isTest) return handle(call, deps, { product, receivedAt, signal: NEVER }); // touches nothing, waits for nothing
      return withinBudget(receivedAt + DEADLINE_MS - clock(), (signal) =>
        handle(call, deps, { product, receivedAt, signal }),
      );
    });
}
