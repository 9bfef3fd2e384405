import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import { resampleWhole } from '../../../main/audio/streaming-resampler.ts';
import { CAPTURE_RATE_HZ } from '../../../main/contract/audio-format.ts';
import { readAudio } from '../../fixtures/read-audio.ts';
import { frameLevels, gainOf } from '../../../main/evaluation/sound/frame-levels.ts';
import { seededRandom } from '../../../main/evaluation/seeded-random.ts';
import type { SpokenCache } from '../clips/spoken-cache.ts';
import { TUNING_TURNS } from './tuning-turns.ts';

/** Something said, and where in it turns end. Between the ends, every silence is a pause that must be waited for. */
export interface LabelledSpeech {
  id: string;
  source: string;
  /** Mono at 16 kHz. */
  samples: Float32Array;
  /** Where a turn is over, in samples: the end of the last word. */
  turnEnds: number[];
  /** The assistant has asked a question before it. */
  answersQuestion: boolean;
}

/**
 * `endgame_nagg_nell.wav` joins the lines of two speakers with 0.6 s of silence between them; each line is a turn. Seconds in the middle
 * of those silences, found by the voice detector and checked against the text.
 */
const ENDGAME_CUTS_SECONDS = [1.28, 2.15, 3.65, 4.56, 8.42, 11.69, 14.37, 17.32, 19.15, 20.11, 22.22, 23.47, 27.76];
/** The bench's test clips are the first 25 s of this reading; what comes after is for tuning. */
const TWO_CITIES_FROM_SECONDS = 25;
/** Within-speaker pauses of spontaneous speech: median 0.55 s, one in ten above 1.0 s (log-normal, as in Campione and Véronis 2002). */
const PAUSE_MEDIAN_MS = 550;
const PAUSE_SPREAD = 0.5;
const LONGEST_PAUSE_MS = 2000;
const SEED = 11;

export async function tuningClips(sources: { modelsDir: string; spoken: SpokenCache }): Promise<LabelledSpeech[]> {
  return [...(await readings(sources.modelsDir)), ...(await spokenTurns(sources.spoken))];
}

async function readings(modelsDir: string): Promise<LabelledSpeech[]> {
  const { path } = resolveModel('speech-samples', { modelsDir });
  const cities = (await at16k(await readAudio(path('two_cities.wav')))).subarray(
    TWO_CITIES_FROM_SECONDS * CAPTURE_RATE_HZ,
  );
  const common = { source: 'read aloud', answersQuestion: false };
  const endgame = await at16k(await readAudio(path('endgame_nagg_nell.wav')));
  const cuts = [0, ...ENDGAME_CUTS_SECONDS.map((seconds) => Math.round(seconds * CAPTURE_RATE_HZ)), endgame.length];
  const lines = cuts.slice(1).map((to, i) => trimmed(endgame.slice(cuts[i], to)));
  return [
    { ...common, id: 'two_cities', samples: cities, turnEnds: [cities.length] },
    ...lines.map((samples, i) => ({ ...common, id: `endgame-${i}`, samples, turnEnds: [samples.length] })),
  ];
}

async function spokenTurns(spoken: SpokenCache): Promise<LabelledSpeech[]> {
  const random = seededRandom(SEED);
  const clips: LabelledSpeech[] = [];
  for (const [i, line] of TUNING_TURNS.entries()) {
    const answersQuestion = line.startsWith('?');
    const parts: Float32Array[] = [];
    for (const piece of line.replace(/^\?/, '').split('|')) {
      if (parts.length > 0) parts.push(new Float32Array(Math.round(pauseMs(random) * (CAPTURE_RATE_HZ / 1000))));
      parts.push(trimmed(await at16k(await spoken.say(piece.trim()))));
    }
    const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      samples.set(part, at);
      at += part.length;
    }
    clips.push({ id: `turn-${i}`, source: 'synthetic', samples, turnEnds: [samples.length], answersQuestion });
  }
  return clips;
}

/** Box and Muller. */
function pauseMs(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Math.min(LONGEST_PAUSE_MS, PAUSE_MEDIAN_MS * Math.exp(PAUSE_SPREAD * normal));
}

function at16k({ samples, sampleRateHz }: { samples: Float32Array; sampleRateHz: number }): Promise<Float32Array> {
  return resampleWhole(samples, { inputRateHz: sampleRateHz, outputRateHz: CAPTURE_RATE_HZ });
}

/** Without the silence before and after the words. */
function trimmed(samples: Float32Array): Float32Array {
  const { rms, peak, frameSamples } = frameLevels(samples, CAPTURE_RATE_HZ);
  const loud = [...rms.keys()].filter((frame) => rms[frame]! > peak * gainOf(-45));
  return samples.slice(loud[0]! * frameSamples, (loud.at(-1)! + 1) * frameSamples);
}
