import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface WebAccessOptions {
  /** Signs cookies. The same key in the next run lets open tabs reconnect. */
  key: Uint8Array;
  /** Wall-clock time in ms: cookies outlive the run, so a monotonic clock cannot date them. */
  wallClockMs: () => number;
}

export const COOKIE_MAX_AGE_S = 7 * 24 * 3600;
/** Tokens that nobody has used; the oldest goes when there are more. */
const MAX_OPEN_TOKENS = 20;

/**
 * Who may use the web host. Any program and any page on this machine can reach the port, so a browser has to show a one-time token,
 * which only the user's own programs can get, and then has a signed cookie.
 */
export class WebAccess {
  readonly #key: Uint8Array;
  readonly #wallClockMs: () => number;
  /** Hashes: looking up a hash tells nothing, by its timing, about the token. */
  readonly #tokenHashes = new Set<string>();

  constructor(options: WebAccessOptions) {
    this.#key = options.key;
    this.#wallClockMs = options.wallClockMs;
  }

  /** A token for one use, URL-safe. */
  issueToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tokenHashes.add(hashOf(token));
    if (this.#tokenHashes.size > MAX_OPEN_TOKENS) this.#tokenHashes.delete(this.#tokenHashes.values().next().value!);
    return token;
  }

  /** True once for each token that was issued. */
  redeemToken(token: string): boolean {
    return this.#tokenHashes.delete(hashOf(token));
  }

  /** A cookie value: when it ends, something random, and the signature of both. */
  issueCookie(): string {
    const endsAtS = Math.floor(this.#wallClockMs() / 1000) + COOKIE_MAX_AGE_S;
    const content = `${endsAtS}.${randomBytes(16).toString('base64url')}`;
    return `${content}.${this.#sign(content)}`;
  }

  acceptsCookie(value: string): boolean {
    const end = value.lastIndexOf('.');
    if (end < 0) return false;
    const content = value.slice(0, end);
    if (!equal(value.slice(end + 1), this.#sign(content))) return false;
    const endsAtS = Number(content.split('.')[0]);
    return endsAtS * 1000 > this.#wallClockMs();
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#key).update(`parley-web-cookie.${content}`).digest('base64url');
  }
}

/** Compares without telling by its timing how much was right. */
export function equal(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
