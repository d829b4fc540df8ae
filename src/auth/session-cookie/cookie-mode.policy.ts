/** What a browser says of the page that sends a request, and what that page says. */
export interface Sender {
  /** X-Requested-With: another origin's page cannot add it unless a preflight allows it. */
  readonly requestedWith: string | undefined;
  /** Sec-Fetch-Site: set by the browser, out of reach of any script (Fetch Metadata section 2.3). */
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Whether a request may count by the session cookie, which browsers add by themselves.
 *
 * @param own the origin of PUBLIC_URL
 * @param listed CORS_ORIGINS
 * @returns why not, for the developer of the page; undefined: it may
 */
export function whyNotByCookie(
  { requestedWith, fetchSite, origin }: Sender,
  own: string,
  listed: readonly string[],
): string | undefined {
  if (!requestedWith) return 'The session cookie counts only with the header X-Requested-With.';
  switch (fetchSite) {
    case 'same-origin':
    case 'none': // nobody's page: an extension of the browser, or its user
      return undefined;
    case 'same-site':
      return origin !== undefined && listed.includes(origin) ? undefined : NOT_LISTED;
    case undefined: // an old browser, or none; every browser names the origin of a POST
      if (origin === undefined || origin === own || listed.includes(origin)) return undefined;
      return NOT_LISTED;
    default:
      return 'The session cookie does not count for pages of another site.';
  }
}

const NOT_LISTED = 'The session cookie counts for pages of origins in CORS_ORIGINS only.';

/**
 * Those of the listed origins that are certainly of another site than `own`, so that browsers keep
 * a SameSite=Strict cookie from them: of another scheme, or whose hosts differ in their last two
 * labels. (Where a site begins under a suffix of three labels only the browsers' list says.)
 */
export function otherSites(own: string, listed: readonly string[]): string[] {
  const site = siteOf(own);
  return listed.filter((origin) => siteOf(origin) !== site);
}

function siteOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
  return `${protocol}//${isAddress ? hostname : hostname.split('.').slice(-2).join('.')}`;
}
