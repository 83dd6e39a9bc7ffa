import { createPublicKey } from 'node:crypto';
import type { Product, Products } from '../../../lib/config/products.ts';
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
  const { products } = readLocalSecrets(run.secrets);
  const id = run.products?.find(({ name }) => name === product)?.id ?? product;
  const keys = products[id]?.accessKeys;
  const key = (message.activity === 'orderNotify' ? keys?.general : keys?.base)?.[0];
  if (key === undefined) {
    const known = Object.keys(products).join(', ');
    throw new Problem(`There is no access key for product "${product}" in ${run.secrets}; it has those of ${known}.`);
  }
  const { url, body } = signCall(`${run.route}/${product}`, key, message);
  return [
    `curl -sS '${url}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join('\n');
}

/** Key that the demo seller's licences are verified with. */
function licenseKey({ secrets }: Run): string {
  const pem = readLocalSecrets(secrets).seller?.own?.[LICENSE_KEY];
  if (pem === undefined) return 'none are signed: there is no seller.own.license-key among the keys';
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  return `verify with the public key ${spki} (Ed25519, SPKI)`;
}

/**
 * Tells a developer what to know once everything runs.
 * @param consoleUrl address of the page to look at, where one is served
 */
export function announcement(run: Run, settings: Settings, products: Products, consoleUrl?: string): string {
  const sold = [...products.values()];
  const width = Math.max(...sold.map(({ name }) => name.length));
  const sellers = sold.map((product) => `${product.name.padEnd(width)}  ${sellerOf(product, settings)}`);
  const issuesLicenses = sold.some(({ families }) => families.some((family) => family.startsWith('license')));
  const tried = sold.find(({ families }) => families.includes('saas-v2'));
  return `
KooGate runs.

  Route        ${run.route}/{product}, e.g. ${run.route}/${sold[0]?.name}
  Data         ${settings.endpoint === undefined ? settings.database : `${run.endpoint} (table ${run.table})`}
  Keys         ${run.secrets}
  Open API     ${run.openApi}${settings.openApiUrl === undefined ? ' (stand-in for the marketplace)' : ''}
  Usage        ${run.usageQueue ?? 'no queue'} (post reports there; pushed at minutes 1, 5, 9, 13, or by npm run usage -- push)
${issuesLicenses ? `  Licences     ${licenseKey(run)}\n` : ''}  Sellers      ${sellers.join(`\n${' '.repeat(15)}`)}${consoleUrl === undefined ? '' : `\n  Console      ${consoleUrl}`}
${tried === undefined ? '' : trial(run, tried.name)}
Ctrl-C ends it; the data stay.
`;
}

/** Says which code really carries out a product's changes. */
function sellerOf({ backend, seller }: Product, { sellerUrl }: Settings): string {
  if (sellerUrl !== undefined) return `your backend at ${sellerUrl} (KOOGATE_SELLER_URL)`;
  if (backend !== undefined) return `your backend at ${backend}`;
  return seller.demonstration ? 'demo seller' : 'your own code';
}

function trial(run: Run, product: string): string {
  return `
A purchase as the marketplace's debugging tries it, signed now and good for 60 seconds (npm run curl makes a new one):

${signedCurl(run, product, TEST_PURCHASE)}
`;
}
