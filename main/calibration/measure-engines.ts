import { ParleyError } from '../contract/errors.ts';
import { throwIfAborted } from '../lib/abort.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener } from '../ports/listener.ts';
import type { Llm } from '../ports/llm.ts';
import type { Tts } from '../ports/tts.ts';

export interface MeasureOptions {
  clock: Pick<Clock, 'nowMs'>;
  signal: AbortSignal;
}

/** A prompt that no cache has seen; PROMPT_TOKENS of the starter model's, chat template included. */
const PROMPT =
  'The lighthouse keeper rose before dawn and climbed the ninety steps with a lantern in one hand and a tin of oil in the other. ' +
  'Below him the harbour lay quiet, fishing boats drawn up on the shingle, nets drying on the wall, gulls asleep on the roofs. ' +
  'He wiped the great lens with a soft cloth, trimmed the wick, wound the clockwork that turned the lamp, and wrote the hour, ' +
  'the wind and the height of the sea into a book that his father had begun and that his daughter would one day finish. ' +
  'Tell me in your own words, and in as many sentences as you like, what the lighthouse keeper did that morning and why.';
/** Counted with the starter model's own tokenizer: 164, without the 24 that the warming up has in common with it. */
const PROMPT_TOKENS = 140;
const WRITTEN_TOKENS = 40;

/**
 * Tokens a second of reading a prompt and of writing. A piece of text is taken for a token, which for English it nearly always is.
 * Throws what the model throws, `cancelled` on abort.
 */
export async function measureLlm(
  llm: Llm,
  { clock, signal }: MeasureOptions,
): Promise<{ prefillTokensPerSecond: number; decodeTokensPerSecond: number }> {
  // Brings the weights into memory and lays out the buffers.
  for await (const _ of llm.generate({ messages: [{ role: 'user', content: 'Hi.' }], maxTokens: 2 }, { signal }));
  const startedAtMs = clock.nowMs();
  let firstAtMs = 0;
  let lastAtMs = 0;
  let pieces = 0;
  const request = { messages: [{ role: 'user' as const, content: PROMPT }], maxTokens: WRITTEN_TOKENS };
  for await (const _ of llm.generate(request, { signal })) {
    lastAtMs = clock.nowMs();
    if (pieces++ === 0) firstAtMs = lastAtMs;
  }
  if (pieces < 5) throw failed('think', 'the model wrote next to nothing');
  return {
    prefillTokensPerSecond: (1000 * PROMPT_TOKENS) / Math.max(1, firstAtMs - startedAtMs),
    decodeTokensPerSecond: (1000 * (pieces - 1)) / Math.max(1, lastAtMs - firstAtMs),
  };
}

export interface SpokenSample {
  samples: Float32Array;
  sampleRateHz: number;
}

const SPOKEN = 'When the sun rises over the harbour, the boats go out one after the other, and nobody says a word.';

/** Time for a second of speech, and the speech. */
export async function measureTts(
  tts: Tts,
  { clock, signal }: MeasureOptions,
): Promise<{ realTimeFactor: number; spoken: SpokenSample }> {
  for await (const _ of tts.synthesize({ text: 'Ready.' }, { signal }));
  const startedAtMs = clock.nowMs();
  const chunks: Float32Array[] = [];
  for await (const chunk of tts.synthesize({ text: SPOKEN }, { signal })) chunks.push(chunk);
  const tookMs = clock.nowMs() - startedAtMs;
  const samples = joined(chunks);
  if (samples.length === 0) throw failed('speak', 'the voice said nothing');
  const { sampleRateHz } = tts;
  return { realTimeFactor: (tookMs * sampleRateHz) / (1000 * samples.length), spoken: { samples, sampleRateHz } };
}

const FRAME_SAMPLES = 160;
const LISTEN_RATE_HZ = 16_000;
/** The recogniser's share of a reading; the turn detector's is the same for every length. */
const READINGS = 2;

/** Time for a second of speech, of a reading: recogniser and turn detector, one after the other. The better of two. */
export async function measureListener(
  listener: Listener,
  spoken: Float32Array,
  { clock, signal }: MeasureOptions,
): Promise<number> {
  const frames = [];
  for (let at = 0; at + FRAME_SAMPLES <= spoken.length; at += FRAME_SAMPLES) {
    frames.push({ startSample: at, samples: spoken.slice(at, at + FRAME_SAMPLES) });
  }
  listener.push(frames);
  const endSample = frames.length * FRAME_SAMPLES;
  let bestMs = Infinity;
  for (let utteranceId = 1; utteranceId <= READINGS; utteranceId++) {
    throwIfAborted(signal, 'listen');
    listener.beginUtterance(utteranceId, 0);
    const startedAtMs = clock.nowMs();
    const { text } = await listener.readUtterance(utteranceId, endSample, { signal });
    // Nothing was recognised: the time says nothing.
    if (text !== '') bestMs = Math.min(bestMs, clock.nowMs() - startedAtMs);
    listener.endUtterance(utteranceId);
  }
  if (bestMs === Infinity) throw failed('listen', 'nothing was recognised');
  return bestMs / (1000 * (endSample / LISTEN_RATE_HZ));
}

function joined(chunks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function failed(stage: 'think' | 'speak' | 'listen', message: string): ParleyError {
  return new ParleyError({ code: 'engine-failed', stage, message });
}
