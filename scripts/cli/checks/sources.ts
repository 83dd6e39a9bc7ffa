/*
 * Pages of the marketplace that make a demand. What none of them demands is advice: it is shown, and fails nobody.
 */

const BASE = 'https://support.huaweicloud.com';
const topic = (number: number) => `${BASE}/accessg-marketplace/zh-cn_topic_0070649${number}.html`;

const PAGES = {
  signature: topic(476),
  token: `${BASE}/intl/en-us/accessg-marketplace/en-us_topic_0070649066.html`,
  'body-sign': topic(177),
  access: topic(475),
  keys: topic(478),
  codes: topic(421),
  console: topic(300),
  cases: topic(414),
  create: topic(427),
  query: topic(428),
  refresh: topic(429),
  status: topic(430),
  release: topic(431),
  application: topic(434),
  users: topic(435),
  'create-v1': 'https://www.huaweicloud.com/guide/productsdesc-bms_00a3aa731426282cf27f272f51cd2a90support0',
  apikey: `${BASE}/usermanual-marketplace/zh-cn_topic_0000002624968699.html`,
  'gateway-signature': `${BASE}/devg-apig/apig-dev-180307037.html`,
  'gateway-token': `${BASE}/usermanual-marketplace/sp_topic_0000236.html`,
  'gateway-address': `${BASE}/usermanual-marketplace/sp_topic_0000235.html`,
  'gateway-billing': `${BASE}/ug-marketplace/zh-cn_topic_0203254658.html`,
} as const;

/** Names of findings and checks, without their first part, and the page behind them. */
const DEMANDS: Readonly<Record<keyof typeof PAGES, RegExp>> = {
  signature:
    /^(forged-.+|(wrong-key|tampered|unsigned|no-timestamp|no-nonce|stale|future)-accepted|nonce-spent|window-narrow|case-sensitive|plus-refused|utf-8-refused|raw-body-refused|body-reencoded|server-takes|(wrong-key|wrong-time|tampered)-taken|refused-but-done|replay-.+|older-key-refused|doubled-.+)$/,
  token: /^(blank|empty-value|sort)-refused$/,
  'body-sign': /^(body-sign.*|refusal-missigned|answer-signed-with-other-key)$/,
  access: /^(refusal-unsigned|in-time|answered|slow)$/,
  keys: /^wrong-class-accepted$/,
  codes:
    /^(result-code.*|malformed-(accepted|taken)|unknown-activity-accepted|unknown-instance-given|unknown-change-taken|unknown-taken|crash|no-refusal)$/,
  console:
    /^(status|content-type|json|utf-8|result-msg.*|member-long|member-type|instance-id-(missing|long)|app-info-.+|front-end-url-.+|refusal-(status|not-json)|malformed-broke|not-alive|(slow|huge)-body-.+|half-call-done)$/,
  cases: /^(test-.+|repeat-refused|order-dependent|new-id-each-time|answer-changed)$/,
  create: /^(line-refused|lines-share-id|many-ids|does-not-sell|control-changed|content-type-refused)$/,
  query: /^(info.*|usage-.+|memo-not-escaped|several-.+)$/,
  refresh: /^(renewed-twice|renewal-refused|withdrawal-.+)$/,
  status: /^status-.+$/,
  release: /^(release-refused|revived)$/,
  application: /^broken-secret-accepted$/,
  users: /^(delete-refused|kit-refused|kit-at-once)$/,
  'create-v1': /^(credential-.+|encrypt-type)$/,
  apikey: /^(apikey-.+|many-keys|shared-key)$/,
  'gateway-signature': /^gateway\.api\.(forged\..+|refused)$/,
  'gateway-token': /^gateway\.(agents\.(forged\..+|refused)|unbilled|not-json|not-a-number|total-missing)$/,
  'gateway-address': /^gateway\.probe-silent$/,
  'gateway-billing': /^gateway\.error-billed$/,
};

/**
 * Finds the page that demands what a finding or a failed check is about.
 * @param id name as in `finding.stale-accepted`, `chaos.many-ids` or `check.in-time.fail`
 */
export function sourceOf(id: string): string | undefined {
  const name = id.replace(/^(finding|chaos|check)\./, '').replace(/\.(fail|warn)$/, '');
  const page = PAGE_NAMES.find((one) => DEMANDS[one].test(name));
  return page && PAGES[page];
}

const PAGE_NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[];
