import type { ReceiverTools } from '../lib/alarms/of-stage.ts';
import type { Config } from '../lib/config/config.ts';
import { csmsSource } from '../lib/secrets/csms.ts';
import { alarmsOf } from './alarms.ts';
import { ALONGSIDE } from './alongside.ts';
import { createFulfil } from './create-fulfil.ts';
import { createLogin } from './create-login.ts';
import { createMeter } from './create-meter.ts';
import { createProduce } from './create-produce.ts';
import { createReconcile } from './create-reconcile.ts';
import { fulfilDependencies } from './fulfil.ts';
import { produceDependencies } from './produce.ts';
import { reconcileDependencies } from './reconcile.ts';
import { createRuntime, type Environment, type RuntimeParts } from './runtime.ts';
import { usageDependencies } from './usage-dependencies.ts';

/** Parts of all functions together. */
export interface KooGateParts extends RuntimeParts {
  /** Makes what sends alarms by e-mail; without it the stage's `receivers` hear of nothing, and the log says so. */
  readonly mail?: ReceiverTools['mail'];
}

/** All functions of an installation, on one table and one set of secrets. */
export interface KooGate {
  /** `ANY /produce/{product+}`: every call of the marketplace. */
  readonly produce: ReturnType<typeof createProduce>;
  /** The table's stream, and a tick a minute: carries accepted changes to the seller's code. */
  readonly fulfil: ReturnType<typeof createFulfil>;
  /** Reports of usage, and the ticks that push them. */
  readonly meter: ReturnType<typeof createMeter>;
  /** The nightly comparison with the marketplace's orders. */
  readonly reconcile: ReturnType<typeof createReconcile>;
  /** `GET /login/{product}/{step}`, for products of joint operation. */
  readonly login: ReturnType<typeof createLogin>;
}

/**
 * Composes all functions in one process, for hosts other than Lambda and for tests. On Lambda each function has a bundle
 * of its own, made from its own factory.
 * @example const { produce, fulfil } = createKooGate(config, process.env);
 * @param env as for {@link createRuntime}
 * @param parts what is there already, such as an opened table, and what sends e-mail
 * @throws Error naming the variable that is missing
 */
export function createKooGate(config: Config, env: Environment, parts: KooGateParts = {}): KooGate {
  const runtime = createRuntime(config, env, { alongside: ALONGSIDE.all, csms: csmsSource, ...parts });
  return {
    produce: createProduce(produceDependencies(runtime)),
    fulfil: createFulfil(fulfilDependencies(runtime), undefined, alarmsOf(config, env, runtime, parts.mail ?? noMail)),
    meter: createMeter(usageDependencies(runtime)),
    reconcile: createReconcile(reconcileDependencies(runtime)),
    login: createLogin(runtime),
  };
}

const noMail: ReceiverTools['mail'] = (_, onUnread) => {
  onUnread(new Error('This host brings nothing that sends e-mail: give createKooGate a mail.'));
  return undefined;
};
