import type { Plugin } from 'esbuild';

/** The files that stand in for others. */
export const STAND_INS: readonly string[];

export const slimSdk: Plugin;
