import type { GuardRule } from '../../contract/guardrails.ts';
import type { Hit } from './text-scan.ts';

/** The stretch `from…to` of a text with what it hits replaced; hits of rules that do something else stay. Double spaces are closed. */
export function replaceHits(
  text: string,
  hits: readonly Hit<GuardRule>[],
  range = { from: 0, to: text.length },
): string {
  let result = '';
  let at = range.from;
  for (const { rule, start, end } of hits) {
    if (rule.action.type !== 'replace') continue;
    result += text.slice(at, start) + rule.action.with;
    at = end;
    if (rule.action.with === '' && /(?:^|\s)$/.test(result)) while (/\s/.test(text[at] ?? '') && at < range.to) at++;
  }
  return result + text.slice(at, range.to);
}
