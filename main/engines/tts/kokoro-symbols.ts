/**
 * Ids of the phoneme symbols that Kokoro and the voices distilled from it read: runs of neighbouring ids, by the first of them.
 * Source: config.json of hexgrad/Kokoro-82M; the same as vocab.json of hibari-tts 0.2.1.
 */
const RUNS: readonly (readonly [firstId: number, symbols: string])[] = [
  [1, ';:,.!?'],
  [9, '—…"()“” \u0303ʣʥʦʨᵝꭧAI'],
  [31, 'O'],
  [33, 'Q'],
  [35, 'ST'],
  [39, 'W'],
  [41, 'Yᵊabcdef'],
  [50, 'hijklmnopqrstuvwxyzɑɐɒæ'],
  [75, 'βɔɕç'],
  [80, 'ɖðʤə'],
  [85, 'ɚɛɜ'],
  [90, 'ɟ'],
  [92, 'ɡ'],
  [99, 'ɥ'],
  [101, 'ɨɪʝ'],
  [110, 'ɯɰŋɳɲɴø'],
  [118, 'ɸθœ'],
  [123, 'ɹ'],
  [125, 'ɾɻ'],
  [128, 'ʁɽʂʃʈʧ'],
  [135, 'ʊʋ'],
  [138, 'ʌɣɤ'],
  [142, 'χʎ'],
  [147, 'ʒʔ'],
  [156, 'ˈˌː'],
  [162, 'ʰ'],
  [164, 'ʲ'],
  [169, '↓'],
  [171, '→↗↘'],
  [177, 'ᵻ'],
];

export const KOKORO_SYMBOL_IDS: ReadonlyMap<string, number> = new Map(
  RUNS.flatMap(([firstId, symbols]) => [...symbols].map((symbol, i) => [symbol, firstId + i] as const)),
);
