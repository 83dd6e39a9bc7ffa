import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../lib/config/config.ts';
import { openOrder } from '../lib/fulfilment/sealed-order.ts';
import type { Key } from '../lib/instances/keys.ts';
import { ALONGSIDE } from './alongside.ts';
import { createReconcile } from './create-reconcile.ts';
import { createRuntime, type Environment, type Runtime } from './runtime.ts';

/**
 * Makes the Lambda function of the night: what it does is in create-reconcile.ts.
 * @throws Error naming the variable that is missing
 */
export function reconcileFunction(config: Config, env: Environment) {
  return createReconcile(reconcileDependencies(createRuntime(config, env, { alongside: ALONGSIDE.reconcile })));
}

/** Makes what comparing instances with orders runs on, in Lambda and locally. */
export function reconcileDependencies(runtime: Runtime) {
  return { ...runtime, openOrder: (sealed: string, at: Key) => openOrder(runtime.sealer, sealed, at), sleep };
}
