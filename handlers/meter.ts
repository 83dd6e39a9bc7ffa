import type { Config } from '../lib/config/config.ts';
import { ALONGSIDE } from './alongside.ts';
import { createMeter } from './create-meter.ts';
import { createRuntime, type Environment } from './runtime.ts';
import { usageDependencies } from './usage-dependencies.ts';

/**
 * Makes the Lambda function behind the usage queue and its schedule: what it does is in create-meter.ts.
 * @throws Error naming the variable that is missing
 */
export function meterFunction(config: Config, env: Environment) {
  return createMeter(usageDependencies(createRuntime(config, env, { alongside: ALONGSIDE.meter })));
}
