import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';

/** Certificate that a server shows, and how it speaks TLS. */
export interface ServerCertificate {
  /** Version of TLS that was agreed on, such as `TLSv1.3`. */
  readonly protocol: string;
  /** Names that it is made out for. */
  readonly names: readonly string[];
  /** Name of who issued it. */
  readonly issuer: string;
  /** Unix milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
  /** Whole days until it ends; negative once it has ended. */
  readonly daysLeft: number;
  /** Reason for which clients refuse it, such as `CERT_HAS_EXPIRED`; absent if they trust it. */
  readonly refusal?: string;
}

/** Address of a server, and the circumstances of looking. */
export interface CertificateQuestion {
  readonly host: string;
  /** Default 443. */
  readonly port?: number;
  /** Certificates to trust in the place of Node's own, in PEM. */
  readonly ca?: string;
  /** Milliseconds until the handshake must be over. Default 5000. */
  readonly timeoutMs?: number;
  /** Unix milliseconds. */
  readonly now: number;
}

const DAY_MS = 86_400_000;

/**
 * Reads the certificate that a server shows, whether clients trust it or not; nothing is sent but the handshake.
 * @throws Error that names host and cause, if there is no handshake
 */
export async function readCertificate(question: CertificateQuestion): Promise<ServerCertificate> {
  const { host, port = 443, ca, timeoutMs = 5_000, now } = question;
  const socket = connect({
    ...{ host, port, servername: isIP(host) === 0 ? host : '' }, // an address is no name of a server
    rejectUnauthorized: false, // one that has expired is read too, and is said to be refused
    ...(ca === undefined ? {} : { ca }),
  });
  try {
    await handshake(socket, timeoutMs);
    return certificateOf(socket, now);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${host}:${port} showed no certificate (${code ?? message}).`, { cause: error });
  } finally {
    socket.destroy();
  }
}

function handshake(socket: TLSSocket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no handshake within ${timeoutMs} ms`)), timeoutMs);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function certificateOf(socket: TLSSocket, now: number): ServerCertificate {
  const { valid_from, valid_to, subjectaltname, subject, issuer }: DetailedPeerCertificate =
    socket.getPeerCertificate(true);
  const validTo = Date.parse(valid_to);
  const listed = subjectaltname ?? [subject.CN].flat().join(', ');
  const refusal: unknown = socket.authorizationError;
  return {
    protocol: String(socket.getProtocol()),
    names: listed.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')),
    issuer: String([issuer.O, issuer.CN].flat().find(Boolean)),
    validFrom: Date.parse(valid_from),
    validTo,
    daysLeft: Math.floor((validTo - now) / DAY_MS),
    ...(socket.authorized ? {} : { refusal: refusal instanceof Error ? refusal.message : String(refusal) }),
  };
}
