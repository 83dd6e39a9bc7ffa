import { readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readCertificate } from '../../lib/operations/certificate.ts';
import { type Certificate, makeCertificate } from '../support/certificates.ts';
import { temporaryFolder } from '../support/command.ts';

const HOUR_MS = 3_600_000;
const folder = temporaryFolder();
const servers: { close(): unknown }[] = [];
let authority: Certificate;

/** Serves a certificate. @returns the port */
async function serve({ certificate, key }: Certificate): Promise<number> {
  return listening(createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => socket.end()));
}

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object(server.address()).port;
}

beforeAll(() => {
  authority = makeCertificate(folder.path, 'authority');
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder.path, { recursive: true });
});

test('the certificate of a server is read, with its names and the days that are left', async () => {
  const signed = makeCertificate(folder.path, 'shop', { by: authority, names: 'DNS:localhost,IP:127.0.0.1' });
  const port = await serve(signed);
  const ca = readFileSync(authority.certificate, 'utf8');
  const read = await readCertificate({ host: 'localhost', port, ca, now: Date.now() });
  expect(read).toEqual({
    protocol: 'TLSv1.3',
    names: ['localhost', '127.0.0.1'],
    issuer: 'authority',
    validFrom: expect.any(Number),
    validTo: read.validFrom + 24 * HOUR_MS,
    daysLeft: 0,
  });
  expect(await readCertificate({ host: '127.0.0.1', port, ca, now: read.validTo })).not.toHaveProperty('refusal');
  const later = await readCertificate({ host: 'localhost', port, ca, now: read.validTo + 1 });
  expect(later.daysLeft).toBe(-1);
  const earlier = await readCertificate({ host: 'localhost', port, ca, now: read.validTo - 30 * 24 * HOUR_MS });
  expect(earlier.daysLeft).toBe(30);
});

test('a certificate that clients refuse is read too, and says why', async () => {
  const port = await serve(authority);
  expect(await readCertificate({ host: 'localhost', port, now: Date.now() })).toMatchObject({
    names: ['authority'],
    refusal: expect.stringMatching(/CERT/),
  });
  const elsewhere = makeCertificate(folder.path, 'other', { by: authority, names: 'DNS:other.example.com' });
  const ca = readFileSync(authority.certificate, 'utf8');
  const other = await readCertificate({ host: 'localhost', port: await serve(elsewhere), ca, now: Date.now() });
  expect(other.refusal).toMatch(/ALTNAME/);
});

test('a server without TLS, one that is silent and one that is not there are named with the cause', async () => {
  const plain = await listening(createPlainServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const silent = await listening(createPlainServer(() => {}));
  await expect(readCertificate({ host: 'localhost', port: plain, now: 0 })).rejects.toThrow(
    /localhost:\d+ showed no certificate \(E/,
  );
  await expect(readCertificate({ host: 'localhost', port: silent, timeoutMs: 50, now: 0 })).rejects.toThrow(
    /no handshake within 50 ms/,
  );
  await expect(readCertificate({ host: 'no-such-host.invalid', now: 0 })).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
});
