import { createReconcile } from './create-reconcile.ts';
import { reconcileDependencies } from './dependencies.ts';

/** The Lambda function of the night: what it does is in create-reconcile.ts. */
export const handler = createReconcile(reconcileDependencies(process.env));
