import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WavWriter } from '../../audio/wav-writer.ts';
import { joinSamples } from '../../audio/streaming-resampler.ts';
import { MAX_UTTERANCE_SECONDS } from '../../contract/evaluation.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import { suiteSchema, SUITE_VERSION, type Suite } from '../scenario/scenario.ts';
import { frameLevels, gainOf } from '../sound/frame-levels.ts';
import { labelSpeech } from '../sound/label-speech.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';

/** Below this nobody has spoken; a soft voice at a poor microphone has −45. */
const LEAST_SPEECH_DBFS = -55;
/** Speech stands out of the quiet between its words by 30 dB; noise alone out of itself by 3. */
const LEAST_RANGE_DB = 10;
/** What an even noise has of quiet: its softest twentieth. */
const QUIET_SHARE = 0.05;
const EDGE_SECONDS = 0.3;

/** Takes down what the microphone hears, up to the longest that an utterance may be. */
export class UtteranceRecorder {
  readonly #parts: Float32Array[] = [];
  #length = 0;

  push(frames: readonly CaptureFrame[]): void {
    for (const { samples } of frames) {
      if (this.isFull) return;
      this.#parts.push(samples.slice());
      this.#length += samples.length;
    }
  }

  get seconds(): number {
    return this.#length / ROOM_RATE_HZ;
  }

  get isFull(): boolean {
    return this.seconds >= MAX_UTTERANCE_SECONDS;
  }

  /** Cut to its speech, with 0.3 s around it. Null: nobody has spoken. */
  speech(): Float32Array | null {
    const samples = joinSamples(this.#parts);
    if (!hasSpeech(samples)) return null;
    const { from, to } = labelSpeech(samples, ROOM_RATE_HZ);
    const edge = EDGE_SECONDS * ROOM_RATE_HZ;
    return samples.slice(Math.max(0, from - edge), to + edge);
  }
}

function hasSpeech(samples: Float32Array): boolean {
  if (samples.length < EDGE_SECONDS * ROOM_RATE_HZ) return false;
  const { rms } = frameLevels(samples, ROOM_RATE_HZ);
  const loudest = rms.reduce((most, level) => Math.max(most, level), 0);
  const quiet = rms.toSorted()[Math.floor(rms.length * QUIET_SHARE)] ?? 0;
  return loudest > gainOf(LEAST_SPEECH_DBFS) && loudest > quiet * gainOf(LEAST_RANGE_DB);
}

/** Throws `disk-full`, `audio-file-bad`. */
export async function saveUtterance(filePath: string, samples: Float32Array): Promise<void> {
  await mkdir(dirname(filePath), { recursive: true, mode: 0o700 });
  const writer = new WavWriter({ filePath, sampleRateHz: ROOM_RATE_HZ });
  writer.write(samples);
  writer.close();
}

/** One scenario of one turn. */
export function utteranceSuite(
  said: { audio: string; words: string | null } | { text: string },
): Omit<Suite, 'folder'> {
  const turn = 'text' in said ? { say: said.text } : { audio: said.audio, ...(said.words === null ? {} : { text: said.words }) }; // prettier-ignore
  const words = 'text' in said ? said.text : said.words;
  return suiteSchema.parse({
    version: SUITE_VERSION,
    suite: 'utterance',
    title: 'One utterance',
    about: 'What was said once, to every architecture.',
    scenarios: [{ id: 'utterance', title: words ?? 'What you said', turns: [turn] }],
  });
}
