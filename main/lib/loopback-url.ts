const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether an address is this machine's own; false for what is no address. */
export function isLoopbackUrl(address: string): boolean {
  return URL.canParse(address) && LOOPBACK_HOSTS.includes(new URL(address).hostname);
}
