import { createObservations } from '../lib/alarms/observations.ts';
import type { Config } from '../lib/config/config.ts';
import { fulfilInline, issueInline } from '../lib/fulfilment/inline.ts';
import { clientSecretOpener } from '../lib/tenants/client-secrets.ts';
import { ALONGSIDE } from './alongside.ts';
import { createProduce, type ProduceDependencies } from './create-produce.ts';
import { createRuntime, type Environment, type Runtime } from './runtime.ts';

/**
 * Makes the Lambda function behind `ANY /produce/{product+}`: the way of a call is in create-produce.ts.
 * @throws Error naming the variable that is missing
 */
export function produceFunction(config: Config, env: Environment) {
  const deps = produceDependencies(createRuntime(config, env, { alongside: ALONGSIDE.produce }));
  return createProduce({ ...deps, observations: createObservations(deps.table, deps.clock) });
}

/** Makes what the route runs on, in Lambda and locally. */
export function produceDependencies(runtime: Runtime): ProduceDependencies {
  return {
    ...runtime,
    table: runtime.gate.over(runtime.table),
    openClientSecret: clientSecretOpener(runtime.secrets),
    fulfilInline: (...purchase) => fulfilInline(runtime, ...purchase),
    issueInline: (...application) => issueInline(runtime, ...application),
  };
}
