import * as v from 'valibot';
import { Problem } from '../cli/terminal/problem.ts';
import { reachOrders } from '../marketplace/stand-in/order-client.ts';
import { readTraits } from '../marketplace/stand-in/order-traits.ts';
import type { OpenApiPlace } from './open-apis.ts';
import type { MadeOrder } from './shapes.ts';

const field = v.pipe(v.optional(v.string(), ''), v.trim(), v.maxLength(1_024));

const orderSchema = v.object({
  product: v.string(),
  order: v.object({
    orderId: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(64)),
    orderType: field,
    skuCode: field,
    linearValue: field,
    amount: field,
    customerName: field,
    /** `name=value` pairs, divided by semicolons. */
    form: field,
  }),
});

/** Makes an order at the stand-in of a product's site, as the page asks for it. @throws Problem */
export async function makeOrder({ siteOf }: OpenApiPlace, body: unknown): Promise<MadeOrder> {
  const { product, order } = v.parse(orderSchema, body);
  const { orderId, customerName, form, linearValue, ...texts } = order;
  const { address } = siteOf(product);
  const client = await reachOrders(address);
  if (client === undefined) throw new Problem('page.problem.no-stand-in', { place: address });
  const pairs = form.split(';').map((pair) => pair.split('='));
  const named = pairs.map(([name = '', ...value]) => [name.trim(), value.join('=').trim()] as const);
  const traits = {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(linearValue !== '' && { linearValue: Number(linearValue) }),
    ...(customerName !== '' && { buyer: { customerName } }),
    ...(form !== '' && { extendParams: Object.fromEntries(named) }),
  };
  try {
    await client.make(orderId, readTraits(traits));
  } catch (error) {
    throw new Problem('page.problem.order', { reason: error instanceof Error ? error.message : String(error) });
  }
  return { orderId, orderLineId: `${orderId}-000001`, place: address };
}
