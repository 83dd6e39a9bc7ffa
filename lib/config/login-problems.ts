import type { Product } from './products.ts';
import type { Stage } from './stage.ts';

/** Hook that each protocol of the login needs. */
const HOOKS = { oauth2: 'signedIn', cas3: 'signedInByTicket' } as const;

/** Reasons why a stage's login cannot sign users in; sentences that say what to set. */
export function loginProblems({ name, login }: Pick<Stage, 'name' | 'login'>, products: readonly Product[]): string[] {
  if (!login) return [];
  const signing = products.filter((product) => product.login !== undefined);
  if (signing.length > 0) return signing.flatMap(problemsOf);
  return [
    `Stage "${name}" deploys the login, and no product has login settings: add products.<name>.login, or take ` +
      `stages.${name}.login out.`,
  ];
}

function problemsOf({ name, login, seller }: Product): string[] {
  const protocol = login?.protocol ?? 'oauth2';
  if (!Object.hasOwn(HOOKS, protocol)) {
    return [`Product "${name}": login.protocol must be oauth2 or cas3, but is ${JSON.stringify(protocol)}.`];
  }
  if (seller.login?.[HOOKS[protocol]] !== undefined) return [];
  return [
    `Product "${name}" signs users in by ${protocol}, and its seller has no hook login.${HOOKS[protocol]}: write it, or ` +
      `take products.${name}.login out.`,
  ];
}
