/** The desktop window's page has its own scheme: `file:` pages could read the disk, and a port could be reached by other programs. */
export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'parley';
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/index.html`;

/** True for pages and frames of our own scheme and host. URL.origin is "null" for schemes of one's own, so that it cannot be compared. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${PAGE_SCHEME}:` && host === PAGE_HOST && username === '' && password === '';
}
