/** Addresses at which a site of the marketplace takes the calls of sellers. */
export interface Site {
  readonly baseUrl: string;
  /** Tried when no connection to `baseUrl` comes about; only where the documentation names one for the site. */
  readonly fallbackUrl?: string;
}

/**
 * The sites of the marketplace.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html (China),
 * https://support.huaweicloud.com/intl/en-us/accessg-marketplace/topic_0070649116.html (international),
 * https://support.huaweicloud.com/eu/accessg-marketplace/en-us_topic_000033.html (Europe).
 */
export const SITES = {
  china: { baseUrl: 'https://mkt.myhuaweicloud.com', fallbackUrl: 'https://mkt.myhuaweicloud.cn' },
  international: { baseUrl: 'https://mkt-intl.myhuaweicloud.com' },
  europe: { baseUrl: 'https://mkt.myhuaweicloud.eu' },
} as const satisfies Record<string, Site>;

/** Name of a site. */
export type SiteName = keyof typeof SITES;

/** Form of a setting that names a site, or gives the address of its open APIs. */
export const SITE = new RegExp(`^(${Object.keys(SITES).join('|')})$|^https://\\S+$`);

/** Sentence part that states the form. */
export const SITE_RULE = `must be one of ${Object.keys(SITES).join(', ')}, or an https address`;

/** Addresses of the open APIs of a site, given by its name or as an address. */
export function siteOf(name: string): Site {
  return Object.entries<Site>(SITES).find(([known]) => known === name)?.[1] ?? { baseUrl: name };
}
