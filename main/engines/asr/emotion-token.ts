/** SenseVoice's `<|HAPPY|>` → happy; undefined where it says that it does not know (`<|EMO_UNKNOWN|>`), and of recognisers that say nothing. */
export function emotionWord(token: string | undefined): string | undefined {
  const word = /^<\|([A-Z]+)\|>$/.exec(token ?? '')?.[1]?.toLowerCase();
  return word === 'unknown' || word === 'unk' ? undefined : word;
}
