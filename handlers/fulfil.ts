import { createFulfil } from './create-fulfil.ts';
import { fulfilDependencies } from './dependencies.ts';

/** The Lambda function behind the table's stream and the schedule: what it does is in create-fulfil.ts. */
export const handler = createFulfil(fulfilDependencies(process.env));
