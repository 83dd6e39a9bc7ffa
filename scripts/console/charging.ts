import type { Charging } from '../marketplace/calls/subject.ts';

/** Charging modes in the order in which the seller console lists them. */
export const CHARGING: readonly Charging[] = ['period', 'once', 'on-demand', 'package', 'trial'];
