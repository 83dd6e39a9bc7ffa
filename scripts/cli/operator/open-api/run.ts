import { MarketplaceError } from '../../../../lib/open-api/error.ts';
import { noteDone } from '../../open-api/cases.ts';
import { asMembers } from '../../open-api/rows.ts';
import { EXIT, Problem } from '../../terminal/problem.ts';
import { withSite } from '../marketplace.ts';
import { type Place, productNamed } from '../place.ts';
import { callOpenApi, hasSucceeded, type OpenApiRequest } from './call.ts';

/** Calls an open API of a product's site, prints the answer, and remembers that it was called. @returns the exit code */
export async function runOpenApi(
  place: Place,
  request: OpenApiRequest,
  options: { readonly product: string | undefined; readonly json: boolean },
): Promise<number> {
  const { terminal, settings } = place;
  const product = options.product === undefined ? undefined : productNamed(place, options.product);
  return withSite(place, product, async (site) => {
    const caller = { openApis: site.openApis, accessKeys: () => site.accessKeys(), now: terminal.clock() };
    const answer = await callOpenApi(caller, request).catch((error: unknown) => {
      if (!(error instanceof MarketplaceError)) throw error;
      throw new Problem('problem.marketplace-said', { place: site.place, message: error.message }, EXIT.found);
    });
    const succeeded = hasSucceeded(request.case, answer);
    if (succeeded) {
      const of = product === undefined ? {} : { product };
      noteDone(settings.data, { case: request.case, ...of, place: site.place, at: terminal.clock() });
    }
    if (options.json) terminal.out(JSON.stringify(answer, null, 2));
    else terminal.out(`${asMembers(answer)}\n\n${terminal.say('open-api.place', { place: site.place })}`.trimStart());
    return succeeded ? EXIT.good : EXIT.found;
  });
}
