/**
 * What a page of ours may do: run its own scripts and worklets, connect to its own host. Styles: elements only from files, but
 * attributes freely, since components position themselves with them. `webSocketOrigin` for browsers whose 'self' leaves out ws:.
 */
export function contentSecurityPolicy(options: { webSocketOrigin?: string } = {}): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `worker-src 'self'`,
    `style-src 'self'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data:`,
    `media-src 'self' data:`,
    `font-src 'self'`,
    `manifest-src 'self'`,
    `connect-src 'self'${options.webSocketOrigin === undefined ? '' : ` ${options.webSocketOrigin}`}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** Headers of every answer, page or not. */
export function pageHeaders(options: { webSocketOrigin?: string } = {}): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-content-type-options': 'nosniff',
    // The address may hold a token.
    'referrer-policy': 'no-referrer',
    // Loudspeakers may be chosen by this page anyway; not every Chromium knows a name for that, and those complain.
    'permissions-policy': 'microphone=(self), camera=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
  };
}
