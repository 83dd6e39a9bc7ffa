import type { ReceiverTools } from '../lib/alarms/of-stage.ts';
import { topicReceiver } from '../lib/alarms/topic.ts';
import type { Config } from '../lib/config/config.ts';
import type { FulfilDependencies } from '../lib/fulfilment/dependencies.ts';
import { deliverLicense } from '../lib/open-api/deliver-license.ts';
import { flushUsage } from '../lib/usage/sweep.ts';
import { alarmsOf } from './alarms.ts';
import { ALONGSIDE } from './alongside.ts';
import { createFulfil } from './create-fulfil.ts';
import { createRuntime, type Environment, type Runtime } from './runtime.ts';
import { usageDependencies } from './usage-dependencies.ts';

/**
 * Makes the Lambda function behind the table's stream and the schedule: what it does is in create-fulfil.ts.
 * @throws Error naming the variable that is missing
 */
export function fulfilFunction(config: Config, env: Environment) {
  const runtime = createRuntime(config, env, { alongside: ALONGSIDE.fulfil });
  const { KOOGATE_TOPIC: topic } = env;
  const mail: ReceiverTools['mail'] = ({ from, isOnly }) =>
    topic ? topicReceiver(topic, env, runtime.clock, isOnly ? undefined : from) : undefined;
  return createFulfil(fulfilDependencies(runtime), undefined, alarmsOf(config, env, runtime, mail));
}

/** Makes what fulfilment runs on, in Lambda and locally. */
export function fulfilDependencies(runtime: Runtime): FulfilDependencies {
  const usage = usageDependencies(runtime);
  return {
    ...runtime,
    deliverLicense: ({ product, eventId, license }, signal) =>
      deliverLicense(runtime.openApisOf(product), eventId, license, signal),
    flushUsage: (product, instanceId, signal) => flushUsage(usage, product, instanceId, signal),
  };
}
