import { AsyncLocalStorage } from 'node:async_hooks';

/** Set around calls that only ask whether something is ready yet: how many there are depends on the machine. */
export const waiting = new AsyncLocalStorage<true>();
