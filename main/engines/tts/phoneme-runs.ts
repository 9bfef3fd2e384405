/** Longest string that is given to the network at once; it was trained on up to about 500, and shorter runs are heard sooner. */
const MAX_RUN_PHONEMES = 300;

/**
 * Cuts a phoneme string into runs of at most `maxPhonemes`: after the last sentence end that fits, else the last clause mark,
 * else the last space, else anywhere.
 */
export function phonemeRuns(phonemes: string, maxPhonemes: number = MAX_RUN_PHONEMES): string[] {
  const runs: string[] = [];
  let rest = phonemes.trim();
  while (rest.length > maxPhonemes) {
    const window = rest.slice(0, maxPhonemes + 1);
    const cut =
      lastEnd(window, /[.!?…]+\)? /g) ?? lastEnd(window, /[,;:—]\)? /g) ?? lastEnd(window, / /g) ?? maxPhonemes;
    runs.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  if (rest !== '') runs.push(rest);
  return runs;
}

function lastEnd(text: string, border: RegExp): number | undefined {
  let end: number | undefined;
  for (const match of text.matchAll(border)) end = match.index + match[0].length;
  return end;
}
