import type { Config } from '../lib/config/config.ts';
import { ALONGSIDE } from './alongside.ts';
import { createLogin } from './create-login.ts';
import { createRuntime, type Environment } from './runtime.ts';

/**
 * Makes the Lambda function behind `GET /login/{product}/{step}`, which a stage with `login: true` deploys.
 * @throws Error naming the variable that is missing
 */
export function loginFunction(config: Config, env: Environment) {
  const { KOOGATE_LOGIN_PAGE: page } = env; // another unified login page, for tests
  return createLogin({ ...createRuntime(config, env, { alongside: ALONGSIDE.login }), ...(page ? { page } : {}) });
}
