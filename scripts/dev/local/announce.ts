import { createPublicKey } from 'node:crypto';
import type { Product, Products } from '../../../lib/config/products.ts';
import { type Locale, localized, type Sentence } from '../../language/sentence.ts';
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
  const name = run.products?.find((one) => one.id === id)?.name ?? product;
  const keys = products[id]?.accessKeys;
  const key = (message.activity === 'orderNotify' ? keys?.general : keys?.base)?.[0];
  if (key === undefined) {
    const known = Object.keys(products).join(', ');
    throw new Problem(
      `There is no access key for product "${product}" in ${run.secrets}; it has those of ${known}.`,
      `${run.secrets} 中没有商品“${product}”的接口密钥，只有 ${known} 的。`,
    );
  }
  const { url, body } = signCall(`${run.route}/${name}`, key, message);
  return [
    `curl -sS '${url}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join('\n');
}

/** Words of the announcement. */
const WORDS = {
  runs: ['KooGate runs.', 'KooGate 正在运行。'],
  route: ['Route', '接口'],
  example: ['e.g.', '例如'],
  data: ['Data', '数据'],
  table: ['table', '表'],
  keys: ['Keys', '密钥'],
  openApi: ['Open API', '开放接口'],
  standIn: ['stand-in for the marketplace', '云商店的模拟接口'],
  usage: ['Usage', '用量'],
  noQueue: ['no queue', '无队列'],
  usageNote: [
    'post reports there; pushed at minutes 1, 5, 9, 13, or by npx koogate usage push',
    '向此处提交报告；在第 1、5、9、13 分钟推送，或运行 npx koogate usage push',
  ],
  licenses: ['Licenses', 'License'],
  unsigned: [
    'none are signed: there is no seller.own.license-key among the keys',
    '不签名：密钥中没有 seller.own.license-key',
  ],
  verify: ['verify with the public key', '验证公钥'],
  sellers: ['Sellers', '卖家代码'],
  backend: ['your backend at', '你的后端'],
  demoSeller: ['demo seller', '演示卖家'],
  ownCode: ['your own code', '你自己的代码'],
  console: ['Console', '控制台'],
  trial: [
    "A purchase as the marketplace's debugging tries it, signed now and good for 60 seconds (npx koogate curl makes a new one):",
    '云商店调试所用的一次订购，刚刚签名，60 秒内有效（npx koogate curl 可重新生成）：',
  ],
  end: ['Ctrl-C ends it; the data stay.', '按 Ctrl-C 结束；数据保留。'],
} as const satisfies Readonly<Record<string, Sentence>>;

type Word = keyof typeof WORDS;

/** Columns of the labels. */
const LABEL_WIDTH = 13;

/** Facts to announce. */
export interface Announced {
  readonly run: Run;
  readonly settings: Settings;
  readonly products: Products;
  /** Address of the page to look at, where one is served. */
  readonly consoleUrl?: string;
  readonly locale?: Locale;
}

/** Tells a developer what to know once everything runs. */
export function announcement({ run, settings, products, consoleUrl, locale = 'en' }: Announced): string {
  const word = (name: Word) => localized(locale, WORDS[name]);
  const sold = [...products.values()];
  const width = Math.max(...sold.map(({ name }) => name.length));
  const sellers = sold.map((product) => `${product.name.padEnd(width)}  ${sellerOf(product, settings, word)}`);
  const issuesLicenses = sold.some(({ families }) => families.some((family) => family.startsWith('license')));
  const tried = sold.find(({ families }) => families.includes('saas-v2'));
  const standIn = settings.openApiUrl === undefined ? ` (${word('standIn')})` : '';
  const rows: (readonly [Word, string])[] = [
    ['route', `${run.route}/{product}, ${word('example')} ${run.route}/${sold[0]?.name}`],
    [
      'data',
      run.database !== undefined
        ? `${run.database} (${word('table')} ${run.table})`
        : settings.endpoint === undefined
          ? settings.database
          : `${run.endpoint} (${word('table')} ${run.table})`,
    ],
    ['keys', run.secrets],
    ['openApi', [`${run.openApi}${standIn}`, ...furtherSites(run)].join(`\n${' '.repeat(LABEL_WIDTH + 2)}`)],
    ['usage', `${run.usageQueue ?? word('noQueue')} (${word('usageNote')})`],
    ...(issuesLicenses ? [['licenses', licenseKey(run, word)] as const] : []),
    ['sellers', sellers.join(`\n${' '.repeat(LABEL_WIDTH + 2)}`)],
    ...(consoleUrl === undefined ? [] : [['console', consoleUrl] as const]),
  ];
  const trial = tried === undefined ? [] : [word('trial'), '', signedCurl(run, tried.name, TEST_PURCHASE), ''];
  return [
    '',
    word('runs'),
    '',
    ...rows.map(([name, text]) => `  ${labelled(word(name))}${text}`),
    '',
    ...trial,
    word('end'),
    '',
  ].join('\n');
}

/** Stand-ins of the sites beside the local run's own. */
function furtherSites({ openApis = {} }: Run): readonly string[] {
  return Object.entries(openApis).map(([site, address]) => `${address} (${site})`);
}

/** Pads a label; Chinese characters take two columns. */
function labelled(label: string): string {
  const wide = label.match(/[\u2e80-\u9fff]/g)?.length ?? 0;
  return label.padEnd(LABEL_WIDTH - wide);
}

/** Key that the demo seller's licences are verified with. */
function licenseKey({ secrets }: Run, word: (name: Word) => string): string {
  const pem = readLocalSecrets(secrets).seller?.own?.[LICENSE_KEY];
  if (pem === undefined) return word('unsigned');
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  return `${word('verify')} ${spki} (Ed25519, SPKI)`;
}

/** Says which code really carries out a product's changes. */
function sellerOf({ backend, seller }: Product, { sellerUrl }: Settings, word: (name: Word) => string): string {
  if (sellerUrl !== undefined) return `${word('backend')} ${sellerUrl} (KOOGATE_SELLER_URL)`;
  if (backend !== undefined) return `${word('backend')} ${backend}`;
  return word(seller.demonstration ? 'demoSeller' : 'ownCode');
}
