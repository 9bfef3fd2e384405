import { cardinalWords, digitWords } from './spell-number.ts';

const EMAIL = /\b([\p{L}\p{N}._%+-]+)@((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})\b/gu;
const URL = /\b(?:https?|ftp):\/\/(?:www\.)?([^\s/?#)\]>"']+)([/?#][^\s)\]>"']*)?/gi;
const BARE_HOST =
  /(?<![\w@./-])(?:www\.)?((?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|ai|app|co|uk|de|eu|info|me|tv))(\/[^\s)\]>"']*)?(?![\w-])/gi;
const PHONE =
  /(?<![\w.-])(?:\+?(\d{1,3})[ .-])?(?:\((\d{3})\)\s?|(\d{3})[ .-])(\d{3})[ .-](\d{4})(?![\w-])|(?<![\w.-])(\d{3})-(\d{4})(?![\w-])/g;

/** After a plus sign every group of digits is read as such. */
const INTERNATIONAL = /(?<![\w.-])\+(\d{1,3}(?:[ .-]\(?\d{1,12}\)?){1,5})(?![\w-])/g;
const IP_ADDRESS = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g;
const EMERGENCY = /(?<![\w$€£.,-])(911|112|999|411)(?=[.!?]?$|[.!?,]?\s+(?:now|right|if|immediately|for|and|or)\b)/g;

/** Addresses as one would say them: hosts and e-mail with "dot" and "at", paths left out; telephone numbers digit by digit. */
export function readAddresses(text: string): string {
  return text
    .replace(EMAIL, (_, user: string, host: string) => `${spokenUser(user)} at ${spokenHost(host)}`)
    .replace(URL, (_, host: string, rest?: string) => spokenHost(host) + trailingMark(rest ?? host))
    .replace(BARE_HOST, (_, host: string, rest?: string) => spokenHost(host) + trailingMark(rest ?? ''))
    .replace(IP_ADDRESS, (address) =>
      address
        .split('.')
        .map((part) => (part.length === 3 ? digitWords(part) : cardinalWords(part)))
        .join(' dot '),
    )
    .replace(EMERGENCY, digitWords)
    .replace(PHONE, (_, ...groups: (string | undefined)[]) =>
      groups
        .slice(0, 7)
        .filter((group) => group !== undefined)
        .map(digitWords)
        .join(', '),
    )
    .replace(
      INTERNATIONAL,
      (_, groups: string) =>
        `plus ${groups
          .split(/[ .()-]+/)
          .filter(Boolean)
          .map(digitWords)
          .join(', ')}`,
    );
}

function spokenHost(host: string): string {
  return host
    .replace(/[.,;:!?]+$/, '')
    .replace(/:\d+$/, '')
    .replace(/\./g, ' dot ')
    .replace(/-/g, ' dash ');
}

function spokenUser(user: string): string {
  return user.replace(/\./g, ' dot ').replace(/_/g, ' underscore ').replace(/-/g, ' dash ').replace(/\+/g, ' plus ');
}

/** A stop or comma at the end of an address belongs to the sentence. */
function trailingMark(address: string): string {
  return /[.,;:!?]$/.exec(address)?.[0] ?? '';
}
