import { hash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/**
 * Cookies that the browser keeps for us and can neither read nor change: JWE under a key derived from the installation's
 * login secret (dir, A256GCM, which is authenticated). The name and an end of life are inside, so that no cookie passes
 * for another, or lives on.
 */
export interface ClosedCookies {
  /** `Set-Cookie` for a value that lives `seconds`; below `path` alone, out of reach of scripts, and not sent by other sites' forms. */
  set(name: string, value: unknown, seconds: number, path: string): Promise<string>;
  /** `Set-Cookie` that removes one. */
  clear(name: string, path: string): string;
  /** The value, if there is one of ours that still lives. @param cookies as the browser sent them: `name=value` */
  read(name: string, cookies: readonly string[]): Promise<unknown>;
}

/**
 * @param secret at least 32 characters
 * @param isSecure whether the cookies may be sent over TLS alone; false on loopback
 */
export function closedCookies(secret: string, clock: () => number, isSecure: boolean): ClosedCookies {
  const key = hash('sha256', `koogate login cookies ${secret}`, 'buffer');
  const attributes = (path: string) => `Path=${path}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    async set(name, value, seconds, path) {
      const content = JSON.stringify({ name, value, until: clock() + seconds * 1_000 });
      const closed = await new CompactEncrypt(new TextEncoder().encode(content))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'koogate-cookie' })
        .encrypt(key);
      return `${name}=${closed}; Max-Age=${seconds}; ${attributes(path)}`;
    },
    clear: (name, path) => `${name}=; Max-Age=0; ${attributes(path)}`,
    async read(name, cookies) {
      const found = cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
      if (!found) return undefined;
      try {
        const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
        const { plaintext, protectedHeader } = await compactDecrypt(found, key, options);
        const content = JSON.parse(new TextDecoder().decode(plaintext));
        const isOurs = protectedHeader.typ === 'koogate-cookie' && content.name === name && content.until > clock();
        return isOurs ? content.value : undefined;
      } catch {
        return undefined; // somebody else's, or altered
      }
    },
  };
}
