import { OrderQueryError } from '../../../lib/open-api/error.ts';
import { queryOrder } from '../../../lib/open-api/query-order.ts';
import { noteDone } from '../open-api/cases.ts';
import { asMembers } from '../open-api/rows.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { withSite } from './marketplace.ts';
import { PLACE, productNamed, readPlace } from './place.ts';

const { table: _, ...SITE_PLACE } = PLACE;

const OPTIONS = { ...SITE_PLACE, product: { type: 'string' } } as const;

/** Queries one order, as the console's debugging cases demand. */
export async function order(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.order'));
    return EXIT.good;
  }
  const [orderId, orderLineId] = positionals;
  if (orderId === undefined) throw new Problem('problem.order-needed');
  const place = await readPlace(values, terminal);
  const product = values.product === undefined ? undefined : productNamed(place, values.product);
  return withSite(place, product, async ({ openApis, place: site }) => {
    const queried = await queryOrder(openApis, orderId, orderLineId).catch((error) => refused(error, site));
    const of = product === undefined ? {} : { product };
    noteDone(place.settings.data, { case: 'order', ...of, place: site, at: terminal.clock() });
    if (values.json) out(JSON.stringify(queried, null, 2));
    else out(`${asMembers(queried)}\n\n${say('order.place', { place: site })}`);
    return EXIT.good;
  });
}

/** @throws Problem in the place of an order that was not given */
function refused(error: unknown, place: string): never {
  if (!(error instanceof OrderQueryError)) throw error;
  throw new Problem('problem.no-order', { place, code: error.code, message: error.message }, EXIT.found);
}
