import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate in PEM and its key, as files. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate with OpenSSL's command line: of an authority, or for `names` and signed by one. @param days that it holds */
export function makeCertificate(
  folder: string,
  name: string,
  signed?: { readonly by: Certificate; readonly names: string },
  days = 1,
): Certificate {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const kind =
    signed === undefined
      ? []
      : [
          ...['-CA', signed.by.certificate, '-CAkey', signed.by.key],
          ...['-addext', `subjectAltName=${signed.names}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
        ];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', String(days)],
    ...['-subj', `/CN=${name}`, '-keyout', key, '-out', certificate, ...kind],
  ]);
  if (made.status !== 0) throw new Error(`openssl req: ${made.stderr}`);
  return { certificate, key };
}
