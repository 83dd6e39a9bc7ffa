import { createLogin } from './create-login.ts';
import { loginDependencies } from './dependencies.ts';

/** The Lambda function behind `GET /login/{product}/{step}`, which docs/kit.md says how to deploy. */
export const handler = createLogin(loginDependencies(process.env));
