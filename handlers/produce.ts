import { createProduce } from './create-produce.ts';
import { produceDependencies } from './dependencies.ts';

/** The Lambda function behind `ANY /produce/{product+}`: the way of a call is in create-produce.ts. */
export const handler = createProduce(produceDependencies(process.env));
