/** A licence code; the buyer has to collect it before it can be activated. */
export interface License {
  readonly status: 'ISSUED' | 'COLLECTED' | 'ALIVE' | 'EXPIRED' | 'RELEASED';
  readonly activatedAt?: number;
  readonly expiresAt?: number;
}

/** The stand-in's licence codes. Codes nobody has set are collected; those that begin with UNKNOWN do not exist. */
export interface LicenseBook {
  set(code: string, license: License): void;
  find(code: unknown): License | undefined;
}

export function createLicenseBook(): LicenseBook {
  const licenses = new Map<string, License>();
  return {
    set: (code, license) => void licenses.set(code, license),
    find: (code) => {
      if (typeof code !== 'string' || code === '' || code.startsWith('UNKNOWN')) return undefined;
      return licenses.get(code) ?? { status: 'COLLECTED' };
    },
  };
}

/** yyyyMMddHHmmss, UTC. */
export function stamp(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString().replace(/\D/g, '').slice(0, 14);
}
