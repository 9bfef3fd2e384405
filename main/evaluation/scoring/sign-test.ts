/** Two-sided exact sign test: how often chance alone would part so many decisions at least as unevenly. 1 without decisions. */
export function signTest(wins: number, losses: number): number {
  const n = wins + losses;
  if (n === 0) return 1;
  const fewer = Math.min(wins, losses);
  let logChoose = 0;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    if (k > 0) logChoose += Math.log((n - k + 1) / k);
    tail += Math.exp(logChoose - n * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}
