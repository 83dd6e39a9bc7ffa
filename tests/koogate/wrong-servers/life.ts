import type { WrongServer } from './wrong-server.ts';

/* Servers whose stored state goes wrong; filled by the chaos tests' fixtures. */

export const lifeServers: readonly WrongServer[] = [];
