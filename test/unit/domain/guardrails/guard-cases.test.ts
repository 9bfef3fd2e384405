import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { guardRuleSchema, type GuardRule } from '../../../../main/contract/guardrails.ts';
import { replaceHits } from '../../../../main/domain/guardrails/replace-hits.ts';
import { RuleSet } from '../../../../main/domain/guardrails/rule-set.ts';
import { TextScan, type Hit } from '../../../../main/domain/guardrails/text-scan.ts';

const { rules, cases } = z
  .object({
    rules: z.array(guardRuleSchema),
    cases: z.array(z.object({ rule: z.string(), text: z.string(), after: z.string() })),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../fixtures/guardrails.json', import.meta.url), 'utf8')));

const everyRule = new RuleSet(rules);
const matchersOf = new Map(rules.map((rule) => [rule.id, new RuleSet([rule]).of('answer')!.matchers]));

/** What a text becomes when it comes in these pieces. */
function scanned(matchers: ConstructorParameters<typeof TextScan<GuardRule>>[0], pieces: string[]): string {
  const scan = new TextScan(matchers);
  const hits: Hit<GuardRule>[] = pieces.flatMap((piece) => scan.push(piece));
  hits.push(...scan.end());
  return replaceHits(pieces.join(''), hits);
}

function pieces(text: string): fc.Arbitrary<string[]> {
  return fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: text.length }).map((lengths) => {
    const cut: string[] = [];
    let at = 0;
    for (const length of lengths) cut.push(text.slice(at, (at += length)));
    return [...cut, text.slice(at)];
  });
}

describe('the set of guardrail cases', () => {
  it('has no rule that cannot be read, and enough of hits and of near misses', () => {
    expect(everyRule.problems).toEqual([]);
    expect(cases.filter(({ text, after }) => text !== after).length).toBeGreaterThanOrEqual(40);
    expect(cases.filter(({ text, after }) => text === after).length).toBeGreaterThanOrEqual(40);
  });

  test.each(cases)('$rule: $text', ({ rule, text, after }) => {
    const matchers = matchersOf.get(rule)!;
    expect(scanned(matchers, [text])).toBe(after);
    expect(scanned(matchers, [...text])).toBe(after);
    fc.assert(
      fc.property(pieces(text), (cut) => scanned(matchers, cut) === after),
      { numRuns: 10 },
    );
  });
});

describe('reading a stream', () => {
  it('gives the same for any cut of any text under all rules at once', () => {
    const { matchers } = everyRule.of('answer')!;
    const words = cases.flatMap(({ text }) => text.split(/(?<=\s)/));
    const text = fc
      .array(fc.constantFrom(...words, ' ', '. ', ', ', '-'), { maxLength: 12 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(
        text.chain((whole) => fc.tuple(fc.constant(whole), pieces(whole))),
        ([whole, cut]) => {
          expect(scanned(matchers, cut)).toBe(scanned(matchers, [whole]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never takes back what it has let go', () => {
    const { matchers } = everyRule.of('answer')!;
    fc.assert(
      fc.property(
        fc.constantFrom(...cases).chain(({ text }) => pieces(text)),
        (cut) => {
          const scan = new TextScan(matchers);
          let settled = 0;
          for (const piece of cut) {
            for (const hit of scan.push(piece)) expect(hit.start).toBeGreaterThanOrEqual(settled);
            expect(scan.settledTo).toBeGreaterThanOrEqual(settled);
            settled = scan.settledTo;
          }
          for (const hit of scan.end()) expect(hit.start).toBeGreaterThanOrEqual(settled);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lets a clause go as soon as nothing in it can become a hit', () => {
    const scan = new TextScan(everyRule.of('answer')!.matchers);
    scan.push('Paris is the capital');
    expect(scan.settledTo).toBe('Paris is the '.length);
    scan.push(', ');
    expect(scan.settledTo).toBe('Paris is the capital, '.length);
  });

  it('holds back what may still become one', () => {
    const scan = new TextScan(matchersOf.get('weapons')!);
    expect(scan.push('A pipe b')).toEqual([]);
    expect(scan.settledTo).toBe('A '.length);
    expect(scan.push('omber')).toEqual([]);
    scan.push('-');
    expect(scan.settledTo).toBe('A pipe bomber-'.length);
  });

  it('takes lists of two thousand phrases', () => {
    const words = Array.from({ length: 2000 }, (_, i) => `number ${i} thing`);
    const rule: GuardRule = { ...rules[0]!, check: { type: 'words', words, forms: true } };
    const { matchers } = new RuleSet([rule]).of('answer')!;
    expect(scanned(matchers, ['Take number 1', '999 things', ' now.'])).toBe('Take ▮ now.');
  });

  it('takes time in proportion to the text with an expression that would keep others busy for ages', () => {
    const matchers = matchersOf.get('nested')!;
    expect(scanned(matchers, [`${'a'.repeat(20_000)}c`])).toHaveLength(20_001);
  });
});
