import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { signCall } from '../../marketplace/signed-calls.ts';
import { readLocalSecrets } from '../local-secrets.ts';
import { Problem } from '../problem.ts';
import { LICENSE_KEY } from '../samples/demo-licenses.ts';
import type { Run } from './run-file.ts';
import type { Settings } from './settings.ts';

/** A purchase as the marketplace's debugging tries it: answered with success, touching nothing. */
export const TEST_PURCHASE = {
  activity: 'newInstance',
  businessId: '00000000-0000-4000-8000-000000000001',
  orderId: 'MOCKPERIODYEARNEW',
  orderLineId: 'MOCKPERIODYEARNEW-000001',
  testFlag: '1',
};

/** A `curl` command with a call signed just now; it holds for 60 seconds. @throws Problem for an unknown product */
export function signedCurl(run: Run, product: string, message: Readonly<Record<string, unknown>>): string {
  const keys = readLocalSecrets(run.secrets).products[product]?.accessKeys;
  const key = (message.activity === 'orderNotify' ? keys?.general : keys?.base)?.[0];
  if (key === undefined) throw new Problem(`There is no access key for product "${product}" in ${run.secrets}.`);
  const { url, body } = signCall(`${run.route}/${product}`, key, message);
  return [
    `curl -sS '${url}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join('\n');
}

/** What the demo seller's licences are verified with. */
function licenseKey({ secrets }: Run): string {
  const pem = readLocalSecrets(secrets).seller?.own?.[LICENSE_KEY];
  if (pem === undefined) return 'none are signed: there is no seller.own.license-key among the keys';
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  return `verify with the public key ${spki} (Ed25519, SPKI)`;
}

/**
 * What a developer needs to know once everything runs.
 * @param consoleUrl address of the page to look at, where one is served
 */
export function announcement(run: Run, settings: Settings, consoleUrl?: string): string {
  return `
KooGate runs.

  Route        ${run.route}/{product}, e.g. ${run.route}/demo
  Data         ${settings.endpoint === undefined ? settings.database : `${run.endpoint} (table ${run.table})`}
  Keys         ${run.secrets}
  Open API     ${run.openApi}${settings.openApiUrl === undefined ? ' (stand-in for the marketplace)' : ''}
  Usage        ${run.usageQueue ?? 'no queue'} (post reports there; pushed at minutes 1, 5, 9, 13, or by npm run usage -- push)
  Licences     ${licenseKey(run)}
  Seller       ${settings.sellerUrl ?? `demo seller (${join('lib', 'seller', 'demo.ts')})`}${consoleUrl === undefined ? '' : `\n  Console      ${consoleUrl}`}

A purchase as the marketplace's debugging tries it, signed now and good for 60 seconds (npm run curl makes a new one):

${signedCurl(run, 'demo', TEST_PURCHASE)}

Ctrl-C ends it; the data stay.
`;
}
