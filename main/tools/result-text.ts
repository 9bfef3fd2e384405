/** Of text that a model is given: about 4,000 tokens, and more than anybody wants to hear. */
export const MAX_RESULT_BYTES = 16_384;
const CUT_NOTE = '\n[The rest was cut off: the result was too long.]';

/**
 * Characters that a reader does not see and a model does: zero-width, direction marks, tags (which can spell out a hidden text), private use,
 * and control characters other than line breaks and tabs.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uE000-\uF8FF\u{E0000}-\u{E007F}\u{F0000}-\u{10FFFF}]/gu;

/** What a tool says, as text that a person would see, in at most `maxBytes` of UTF-8, with a note where it was cut. */
export function presentable(text: string, { maxBytes = MAX_RESULT_BYTES } = {}): string {
  // More than enough before the costly part: one code point takes at most four bytes, and unseen ones are dropped.
  const seen = text.slice(0, maxBytes * 4).replace(UNSEEN, '');
  const bytes = Buffer.from(seen, 'utf8');
  if (bytes.length <= maxBytes && text.length <= maxBytes * 4) return seen;
  const kept = bytes.subarray(0, maxBytes - CUT_NOTE.length).toString('utf8');
  return `${kept.replace(/\uFFFD+$/, '')}${CUT_NOTE}`;
}
