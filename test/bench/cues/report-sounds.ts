import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { joinSamples, resampleWhole } from '../../../main/audio/streaming-resampler.ts';
import { judgeVoice } from '../../../main/domain/voice-cues/judge-voice.ts';
import { FULL_SAMPLE_SECONDS } from '../../../main/domain/voice-cues/speaker-likeness.ts';
import { SpeakerBaseline } from '../../../main/domain/voice-cues/speaker-baseline.ts';
import { deviations, estimate, vectorOf, type VoiceModelWeights } from '../../../main/domain/voice-cues/voice-model.ts';
import { Campplus } from '../../../main/engines/cues/campplus.ts';
import { ProsodyMeter } from '../../../main/engines/cues/prosody-meter.ts';
import { HibariTts } from '../../../main/engines/tts/hibari.ts';
import type { VoiceMeasures } from '../../../main/ports/voice-cues.ts';
import { loadFlac, modelsDir, testDataPath } from '../../model/listener-speech.ts';
import { emodbClips, labelOf } from './emodb.ts';
import { fullVoices, speakerSample, SPEAKER_MODEL_FILE, type CorpusVoices } from './corpus-features.ts';
import { BASELINE_TURNS } from './fit-model.ts';
import { madeSounds } from './made-sounds.ts';
import { biquad, filtered } from './microphone-response.ts';
import { percent, type LeftOut } from './report-recall.ts';

const SAMPLE_RATE_HZ = 16_000;
const NAMES = [
  'Amanda',
  'Benjamin',
  'Eleanor',
  'Jonathan',
  'Melina',
  'Gabriel',
  'Diana',
  'Raymond',
  'Marianne',
  'Leonardo',
];

export function measure(samples: Float32Array): VoiceMeasures | null {
  const meter = new ProsodyMeter();
  meter.begin();
  meter.push(samples);
  return meter.measure();
}

async function clipsOf(speaker: string): Promise<{ name: string; samples: Float32Array }[]> {
  const own = emodbClips().filter(({ name }) => labelOf(name).speaker === speaker);
  return Promise.all(own.map(async ({ name, path }) => ({ name, samples: await loadFlac(path) })));
}

/** As the listener measures: with whose voice it is. */
function heardAs(measures: VoiceMeasures | null, speaker: readonly number[]): VoiceMeasures | null {
  return measures && { ...measures, speaker: { vector: speaker, seconds: FULL_SAMPLE_SECONDS } };
}

/** All of a speaker's clips heard: what a long conversation would know. */
function baselineOf(model: VoiceModelWeights, heard: readonly (VoiceMeasures | null)[]): SpeakerBaseline {
  const turns = heard.flatMap((each) =>
    each
      ? [
          {
            ...{ vector: vectorOf(model, each.features), levelDb: each.features.levelDb },
            ...(each.speaker ? { speaker: each.speaker.vector } : {}),
          },
        ]
      : [],
  );
  return new SpeakerBaseline(model, turns);
}

/** Gently: lower, slower, softer, duller. Sharply: higher, quicker, louder, brighter. Pitch and time change together, as on a tape. */
async function said(samples: Float32Array, way: 'gently' | 'sharply'): Promise<Float32Array> {
  const sharp = way === 'sharply';
  const played = await resampleWhole(samples, {
    inputRateHz: SAMPLE_RATE_HZ * (sharp ? 1.2 : 0.87),
    outputRateHz: SAMPLE_RATE_HZ,
  });
  const shelf = biquad('high-shelf', { frequencyHz: 1200, gainDb: sharp ? 7 : -7 });
  return filtered(played, [shelf], sharp ? 6 : -6);
}

export async function threeWaysLines(folds: readonly LeftOut[]): Promise<string[]> {
  const counts = { clips: 0, ordered: 0, quiet: 0, names: 0, namesOrdered: 0 };
  for (const { speaker, model } of folds) {
    const clips = await clipsOf(speaker);
    const baseline = baselineOf(
      model,
      clips.map(({ samples }) => measure(samples)),
    );
    for (const { samples } of clips.filter(({ name }) => name[5] === 'N')) {
      const ways = [await said(samples, 'gently'), samples, await said(samples, 'sharply')];
      counts.clips++;
      if (isRising(ways.map((way) => arousalOf(model, baseline, way)))) counts.ordered++;
      const amplified = judgeVoice(model, { heard: measure(filtered(samples, [], 12)), baseline, text: '' });
      if (!['tense', 'raised', 'animated'].includes(amplified.word)) counts.quiet++;
    }
  }
  const made = await spokenNames();
  for (const { model } of made ? folds : []) {
    const own = baselineOf(model, made!.sentences.map(measure));
    for (const name of made!.names) {
      const ways = [await said(name, 'gently'), name, await said(name, 'sharply')];
      counts.names++;
      if (isRising(ways.map((way) => arousalOf(model, own, way)))) counts.namesOrdered++;
    }
  }
  return [
    `neutral clips of speakers left out, re-timed and re-pitched: gently < neutral < sharply in ${percent(counts.ordered / counts.clips)} of ${counts.clips} (target 0.9)`,
    made
      ? `names by the starter voice, in the same three ways: ${percent(counts.namesOrdered / counts.names)} of ${counts.names} (target 0.9)`
      : 'names: the starter voice is not installed',
    `clips merely amplified by 12 dB: not called tense ${percent(counts.quiet / counts.clips)} (target 0.9)`,
  ];
}

/** Names, and sentences to know the voice by; null where the voice is not installed. */
async function spokenNames(): Promise<{ names: Float32Array[]; sentences: Float32Array[] } | null> {
  const folder = join(modelsDir, 'hibari-heart');
  if (!existsSync(folder)) return null;
  const tts = await HibariTts.load({ folder });
  const speak = async (text: string): Promise<Float32Array> => {
    const chunks: Float32Array[] = [];
    for await (const chunk of tts.synthesize({ text })) chunks.push(chunk);
    const pcm = joinSamples(chunks);
    return resampleWhole(pcm, { inputRateHz: tts.sampleRateHz, outputRateHz: SAMPLE_RATE_HZ });
  };
  const spoken = async (texts: readonly string[]): Promise<Float32Array[]> => {
    const all: Float32Array[] = [];
    for (const text of texts) all.push(await speak(text));
    return all;
  };
  const names = await spoken(NAMES.map((name) => `${name}.`));
  const sentences = await spoken([
    ...NAMES.map((name) => `I was talking to ${name} about it.`),
    'The train leaves at noon.',
  ]);
  await tts.close();
  return { names, sentences };
}

const isRising = ([low, middle, high]: number[]): boolean => low! < middle! && middle! < high!;

/** Unrounded: neutral speech is near the lower end already where half of what was heard before was excited. */
function arousalOf(model: VoiceModelWeights, baseline: SpeakerBaseline, samples: Float32Array): number {
  const heard = measure(samples);
  return heard ? estimate(model, deviations(model, vectorOf(model, heard.features), baseline.mean)).arousal : NaN;
}

/** Silence, noise, music, whispering and laughter, against the baseline of each speaker. */
export async function notSpeechLines(folds: readonly LeftOut[], voices: CorpusVoices): Promise<string[]> {
  const { speaker: first } = folds[0]!;
  const voice = (await clipsOf(first))[0]!.samples;
  const sounds = madeSounds(voice);
  for (const name of ['car_horn', 'dog_bark', 'engine_idling', 'ringing_phone', 'siren', 'people_talking']) {
    sounds.push({
      name,
      samples: (await loadFlac(testDataPath(`audio/noise/${name}.flac`))).subarray(0, 4 * SAMPLE_RATE_HZ),
    });
  }
  const lines: string[] = [];
  const full = fullVoices(voices);
  const known = await Promise.all(
    folds.map(async ({ speaker, model }) => {
      const heard = (await clipsOf(speaker)).map(({ name, samples }) => heardAs(measure(samples), full[name]!));
      return { model, baseline: baselineOf(model, heard) };
    }),
  );
  const encoder = await Campplus.open({ modelPath: SPEAKER_MODEL_FILE });
  for (const { name, samples } of sounds) {
    const heard = heardAs(measure(samples), await encoder.embed(speakerSample(samples)));
    const cues = known.map(({ model, baseline }) => judgeVoice(model, { heard, baseline, text: '' }));
    const unclear = cues.filter(({ word }) => word === 'unclear');
    lines.push(
      `${name}: unclear ${unclear.length} of ${cues.length} (${[...new Set(cues.map(({ word, reason }) => reason ?? word))].join(', ')})`,
    );
  }
  await encoder.close();
  return lines;
}

/** CPU of measuring as a share of the speech, and what is left to do when a turn has ended. */
export async function costLines(): Promise<string[]> {
  const clips = await clipsOf('03');
  const waits: number[] = [];
  let seconds = 0;
  const before = process.cpuUsage();
  for (const { samples } of clips) {
    const meter = new ProsodyMeter();
    meter.begin();
    // As the listener pushes it: a window of the VAD at a time.
    for (let from = 0; from < samples.length; from += 512) meter.push(samples.subarray(from, from + 512));
    const asked = performance.now();
    meter.measure();
    waits.push(performance.now() - asked);
    seconds += samples.length / SAMPLE_RATE_HZ;
  }
  const { user, system } = process.cpuUsage(before);
  const encoder = await Campplus.open({ modelPath: SPEAKER_MODEL_FILE });
  await encoder.embed(speakerSample(clips[0]!.samples));
  const beforeVoices = process.cpuUsage();
  for (const { samples } of clips) await encoder.embed(speakerSample(samples));
  const ofVoices = process.cpuUsage(beforeVoices);
  await encoder.close();
  waits.sort((a, b) => a - b);
  return [
    `CPU while someone speaks: ${((100 * (user + system)) / 1e6 / seconds).toFixed(1)}% of a core (target 3%), over ${seconds.toFixed(0)} s`,
    `CPU for whose voice it is: ${((ofVoices.user + ofVoices.system) / 1e3 / clips.length).toFixed(0)} ms, once a turn, 1.5 s into it`,
    `label after the end of a turn: p50 ${waits[Math.floor(waits.length / 2)]!.toFixed(1)} ms, p95 ${waits[Math.floor(waits.length * 0.95)]!.toFixed(1)} ms of work (target 150 ms; it comes with the reading of the words)`,
    `turns until a baseline is reliable: ${BASELINE_TURNS}`,
  ];
}
