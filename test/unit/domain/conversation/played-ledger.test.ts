import { describe, expect, it } from 'vitest';
import { PlayedLedger } from '../../../../main/domain/conversation/played-ledger.ts';

const text = 'Hello there, how are you today?';
const clauses = [
  { startChar: 0, endChar: 13 },
  { startChar: 13, endChar: 31 },
];

function ledger(): PlayedLedger {
  const it = new PlayedLedger();
  it.queue(clauses[0]!, 500);
  it.queue(clauses[0]!, 500);
  it.queue(clauses[1]!, 1800);
  return it;
}

describe('played-sample ledger', () => {
  it('counts nothing before the first sample', () => {
    expect(ledger().heardChars(text, 0)).toBe(0);
  });

  it('counts a clause without its trailing space when it was played to its end', () => {
    expect(text.slice(0, ledger().heardChars(text, 1000))).toBe('Hello there,');
  });

  it('cuts inside a clause at the word that was more than half heard', () => {
    expect(text.slice(0, ledger().heardChars(text, 1000 + 850))).toBe('Hello there, how are');
    expect(text.slice(0, ledger().heardChars(text, 1000 + 1000))).toBe('Hello there, how are you');
  });

  it('counts everything at the end, and no more when more is claimed', () => {
    expect(ledger().heardChars(text, 2800)).toBe(text.length);
    expect(ledger().heardChars(text, 99_999)).toBe(text.length);
  });

  it('never falls while playback advances', () => {
    const it = ledger();
    let before = 0;
    for (let played = 0; played <= 2800; played += 7) {
      const heard = it.heardChars(text, played);
      expect(heard).toBeGreaterThanOrEqual(before);
      before = heard;
    }
  });
});
