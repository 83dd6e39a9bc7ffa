/** Slash and something else than another slash, which browsers read as a host; then what may stand in an address. */
const PATH = /^\/(?![/\\])[\x21-\x7e]*$/;

/**
 * The path on a site that a text names; undefined if it leads anywhere else. Browsers read `//host`, `/\host` and the like
 * as other hosts, and drop line ends and tabs first, so nothing but a plain path is taken. A parser may shorten it to such
 * a form (`/x/..//host`), so the same is asked of what it makes.
 */
export function returnPath(text: string | undefined, site: URL): string | undefined {
  if (text === undefined || text.length > 2_048 || !PATH.test(text) || !URL.canParse(text, site.href)) return undefined;
  const { origin, pathname, search, hash } = new URL(text, site);
  const path = `${pathname}${search}${hash}`;
  return origin === site.origin && PATH.test(path) && !path.includes('\\') ? path : undefined;
}
