/** Hosts that the local run plays: Lambda and what stands around it, or the server. */
export const HOSTS = ['offline', 'server'] as const;

export type HostName = (typeof HOSTS)[number];
