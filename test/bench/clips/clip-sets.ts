import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import { readAudio } from '../../fixtures/read-audio.ts';
import { CLIP_RATE_HZ, prepareClip, type Clip, type RawClip } from './clip.ts';
import { cutAtPauses } from './cut-at-pauses.ts';
import { MADE_NOISES } from './made-noise.ts';
import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';
import { SpokenCache } from './spoken-cache.ts';
import everyday from '../../fixtures/everyday.json' with { type: 'json' };
import { BACKCHANNELS, INTERRUPTIONS, LONG_REQUESTS, MODEL_QUESTIONS, QUESTIONS } from './spoken-lines.ts';

/** A clip and when it is said: at once, or into the answer to the clip before it. */
export interface PlannedClip extends Clip {
  kind: 'turn' | 'barge' | 'hold';
  /** After the answer has begun to sound. 0 for turns. */
  afterSeconds: number;
}

export interface ClipSources {
  modelsDir: string;
  cacheDir: string;
  /** Recorded commands (utterances/*.flac, jfk.flac) and noises (noise/*.flac), if there are any. */
  audioDir: string | undefined;
}

const FIXTURES = join(import.meta.dirname, '../../fixtures/audio');
const FIXTURE_TURNS = ['hello', 'what-time-is-it', 'tell-me-about-cats'];
const READINGS = [
  { file: 'two_cities.wav', count: 5 },
  { file: 'beckett.wav', count: 2 },
];
const VOICE_SOURCE = 'hibari-heart';
/** Crowd noise at −30 dB defeats the rule of the label; the last word ends here, seen in the levels. */
const JFK_SPEECH_END_SECONDS = 10.2;
const INTO_ANSWER_SECONDS = 1.5;
const NOISE_PEAK_DBFS = -9;
const NOISE_SECONDS = 1.5;
/** Somebody else in the room. */
const BACKGROUND_SPEECH = { file: 'people_talking.flac', peakDbfs: -20, seconds: 3 };
const SHUFFLE_SEED = 7;
const EVERYDAY_STEP = 6;

/** All clips of the bench, labelled. The order is the same in every run. */
export class ClipSets {
  readonly #sources: ClipSources;
  readonly #spoken: SpokenCache;

  constructor(sources: ClipSources) {
    this.#sources = sources;
    this.#spoken = new SpokenCache(sources);
  }

  async close(): Promise<void> {
    await this.#spoken.close();
  }

  /** Single questions, commands and read phrases, shuffled. */
  async turns(count = Infinity): Promise<PlannedClip[]> {
    const raw = [...(await this.#fixtures()), ...(await this.#recordings()), ...(await this.#readings())];
    for (const [i, text] of QUESTIONS.entries()) raw.push(await this.#say(`question-${i}`, text));
    const chosen = shuffled(raw, seededRandom(SHUFFLE_SEED)).slice(0, count);
    return Promise.all(chosen.map(asTurn));
  }

  /** Every sixth of the everyday utterances that need no sentence before them, and questions for the language model. */
  async everyday(count = Infinity): Promise<PlannedClip[]> {
    const alone = everyday.filter((turn) => !('before' in turn)).filter((_, i) => i % EVERYDAY_STEP === 0);
    const texts = shuffled([...alone.map(({ say }) => say), ...MODEL_QUESTIONS], seededRandom(SHUFFLE_SEED));
    const clips: PlannedClip[] = [];
    for (const [i, text] of texts.slice(0, count).entries())
      clips.push(await asTurn(await this.#say(`everyday-${i}`, text)));
    return clips;
  }

  /** A long request and an interruption of its answer, in turn. */
  async interruptions(count = Infinity): Promise<PlannedClip[]> {
    const interruptions: RawClip[] = [await fixture('stop-wait')];
    for (const [i, text] of INTERRUPTIONS.entries()) interruptions.push(await this.#say(`interruption-${i}`, text));
    const rounds = Math.min(count, LONG_REQUESTS.length);
    return this.#intoAnswers('barge', repeated(interruptions, rounds));
  }

  /** A long request and a sound under which its answer should go on, in turn. */
  async holds(count = Infinity): Promise<PlannedClip[]> {
    const backchannels: RawClip[] = [];
    for (const [i, text] of BACKCHANNELS.entries()) backchannels.push(await this.#say(`backchannel-${i}`, text));
    const noises = await this.#noises();
    return this.#intoAnswers('hold', alternated(backchannels, noises).slice(0, count));
  }

  async #intoAnswers(kind: 'barge' | 'hold', raw: readonly RawClip[]): Promise<PlannedClip[]> {
    const clips: PlannedClip[] = [];
    for (const [i, each] of raw.entries()) {
      const text = LONG_REQUESTS[i % LONG_REQUESTS.length]!;
      clips.push(await asTurn(await this.#say(`request-${i}`, text)));
      clips.push({
        ...(await prepareClip({ ...each, id: `${each.id}-${i}` })),
        kind,
        afterSeconds: INTO_ANSWER_SECONDS,
      });
    }
    return clips;
  }

  async #say(id: string, text: string): Promise<RawClip> {
    return { id, source: VOICE_SOURCE, ...(await this.#spoken.say(text)) };
  }

  #fixtures(): Promise<RawClip[]> {
    return Promise.all(FIXTURE_TURNS.map(fixture));
  }

  async #readings(): Promise<RawClip[]> {
    const { path } = resolveModel('speech-samples', this.#sources);
    const clips: RawClip[] = [];
    for (const { file, count } of READINGS) {
      const { samples, sampleRateHz } = await readAudio(path(file));
      for (const [i, phrase] of cutAtPauses(samples, sampleRateHz).slice(0, count).entries())
        clips.push({ id: `${basename(file, '.wav')}-${i}`, source: 'read aloud', samples: phrase, sampleRateHz });
    }
    return clips;
  }

  async #recordings(): Promise<RawClip[]> {
    const clips = (await this.#files('utterances')).map((file) => recorded('recorded', file));
    const jfk = join(this.#sources.audioDir ?? '', 'jfk.flac');
    if (this.#sources.audioDir && existsSync(jfk))
      clips.push(recorded('recorded', jfk).then((clip) => ({ ...clip, speechEndSeconds: JFK_SPEECH_END_SECONDS })));
    return Promise.all(clips);
  }

  async #noises(): Promise<RawClip[]> {
    const made = Object.entries(MADE_NOISES).map(([id, make]) => ({
      id,
      source: 'made noise',
      samples: make(),
      sampleRateHz: CLIP_RATE_HZ,
      peakDbfs: NOISE_PEAK_DBFS,
    }));
    const files = await this.#files('noise');
    return [...made, ...(await Promise.all(files.map(noise)))];
  }

  async #files(folder: string): Promise<string[]> {
    if (this.#sources.audioDir === undefined) return [];
    const path = join(this.#sources.audioDir, folder);
    const names = await readdir(path).catch(() => []);
    return names
      .filter((name) => name.endsWith('.flac'))
      .toSorted()
      .map((name) => join(path, name));
  }
}

async function fixture(name: string): Promise<RawClip> {
  return { id: name, source: VOICE_SOURCE, ...(await readAudio(join(FIXTURES, `${name}.wav`))) };
}

async function recorded(source: string, file: string): Promise<RawClip> {
  return { id: basename(file, '.flac'), source, ...(await readAudio(file)) };
}

async function noise(file: string): Promise<RawClip> {
  const isSpeech = basename(file) === BACKGROUND_SPEECH.file;
  const raw = await recorded(isSpeech ? 'background speech' : 'recorded noise', file);
  const seconds = isSpeech ? BACKGROUND_SPEECH.seconds : NOISE_SECONDS;
  return {
    ...raw,
    samples: raw.samples.slice(0, seconds * raw.sampleRateHz),
    peakDbfs: isSpeech ? BACKGROUND_SPEECH.peakDbfs : NOISE_PEAK_DBFS,
  };
}

async function asTurn(raw: RawClip): Promise<PlannedClip> {
  return { ...(await prepareClip(raw)), kind: 'turn', afterSeconds: 0 };
}

function repeated<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[i % items.length]!);
}

/** One of each in turn, until both are used up. */
function alternated<T>(a: readonly T[], b: readonly T[]): T[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]])
    .flat()
    .filter((item) => item !== undefined);
}
