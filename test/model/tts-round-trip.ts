import { create, ConverterType } from '@alexanderolsen/libsamplerate-js';
import { speakableText } from '../../main/cascade/speech-text/speakable-text.ts';
import { MoonshineAsr } from '../../main/engines/asr/moonshine.ts';
import { wordErrors } from '../../main/lib/word-error-rate.ts';
import type { Tts } from '../../main/ports/tts.ts';
import { collectSpeech, modelFolder } from './tts-voices.ts';

export const ROUND_TRIP_SENTENCES = [
  'The capital of France is Paris.',
  'Would you like me to set a reminder for you?',
  'I am sorry, but I could not find that file.',
  'Turn left at the second traffic light, then go straight.',
  'She read the book that he will read next week.',
  'The doctor prescribed antibiotics for the infection.',
  'There is a pharmacy around the corner.',
  'Let me check the calendar for you.',
  'The children were playing in the garden behind the house.',
  'That sounds like a wonderful idea.',
];

export interface RoundTrip {
  errors: number;
  words: number;
  misheard: string[];
  audioSeconds: number;
  synthesisSeconds: number;
}

/** Speaks sentences, recognises what was spoken with the starter recogniser, and counts the words that did not come back. */
export async function roundTrip(tts: Tts, sentences: readonly string[] = ROUND_TRIP_SENTENCES): Promise<RoundTrip> {
  const asr = await MoonshineAsr.open({ modelDir: modelFolder('moonshine-tiny-en') });
  const resampler = await create(1, tts.sampleRateHz, 16_000, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });
  const result: RoundTrip = { errors: 0, words: 0, misheard: [], audioSeconds: 0, synthesisSeconds: 0 };
  try {
    for (const sentence of sentences) {
      const begun = performance.now();
      const audio = await collectSpeech(tts.synthesize({ text: speakableText(sentence) }));
      result.synthesisSeconds += (performance.now() - begun) / 1000;
      result.audioSeconds += audio.length / tts.sampleRateHz;
      const { text } = await asr.transcribe(resampler.full(audio));
      const { errors, referenceWords } = wordErrors(sentence, text);
      result.errors += errors;
      result.words += referenceWords;
      if (errors > 0) result.misheard.push(`${sentence} → ${text}`);
    }
  } finally {
    resampler.destroy();
    await asr.close();
  }
  return result;
}

export function describeRoundTrip(name: string, result: RoundTrip): string {
  const rtf = (result.synthesisSeconds / result.audioSeconds).toFixed(3);
  const wer = `${result.errors}/${result.words}`;
  return [`${name}: RTF ${rtf} (wall clock), words that came back wrong ${wer}`, ...result.misheard].join('\n  ');
}
