import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WavWriter } from '../../audio/wav-writer.ts';
import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { TranscriptLine } from '../../contract/state.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { Listener } from '../../ports/listener.ts';
import { labelSpeech } from '../sound/label-speech.ts';
import { CaptureTrack } from './capture-track.ts';
import { HeardTurns, type RecordedTurn } from './heard-turns.ts';
import { writtenTurns, type CutTurn } from './recorded-scenario.ts';
import { suiteText } from './suite-text.ts';

const SUITE_FILE = 'scenario.yaml';
const CLIPS_FOLDER = 'clips';
/** After the last reading, which is in the middle of a pause. */
const CLIP_TAIL_SAMPLES = 0.1 * CAPTURE_RATE_HZ;

export interface ScenarioRecorderOptions {
  /** Is made. Must not hold a recorded scenario yet. */
  folder: string;
  recordedAt: string;
  /** Told once, when something can no longer be written; the conversation goes on, and what was recorded before is kept. */
  onTrouble(error: ParleyError): void;
}

/**
 * Makes a scenario of a conversation that is going on: `microphone.wav` and `transcript.jsonl` grow while it lasts, `scenario.yaml` and its clips are
 * written by `finish`. It hears what the ears of this machine hear; where others listen (hosted models), there are no turns to be found.
 */
export class ScenarioRecorder {
  readonly #options: ScenarioRecorderOptions;
  readonly #track: CaptureTrack;
  readonly #heard = new HeardTurns();
  #capturedSamples = 0;
  #isBroken = false;

  /** Throws `bad-input` when there is a scenario already, `disk-full` or `audio-file-bad` when the folder cannot be written. */
  constructor(options: ScenarioRecorderOptions) {
    const { folder } = options;
    this.#options = options;
    if (existsSync(join(folder, SUITE_FILE))) {
      throw new ParleyError({
        code: 'bad-input',
        stage: 'app',
        message: `${folder} holds a recorded scenario already`,
      });
    }
    attempted(() => mkdirSync(join(folder, CLIPS_FOLDER), { recursive: true, mode: 0o700 }));
    this.#track = new CaptureTrack(join(folder, 'microphone.wav'));
  }

  /** The ears, with somebody beside them. */
  listening(listener: Listener): Listener {
    return {
      push: (frames) => {
        this.#captured(frames);
        listener.push(frames);
      },
      beginUtterance: (utteranceId, fromSample, options) => {
        this.#heard.begun(fromSample);
        listener.beginUtterance(utteranceId, fromSample, options);
      },
      readUtterance: (utteranceId, toSample, options) => {
        this.#heard.read(toSample);
        return listener.readUtterance(utteranceId, toSample, options);
      },
      endUtterance: (utteranceId) => listener.endUtterance(utteranceId),
      onEvent: (onEvent) => listener.onEvent(onEvent),
    };
  }

  onLine(line: TranscriptLine): void {
    this.#heard.onLine(line, this.#capturedSamples);
    if (line.role === 'user' ? line.status !== 'final' : line.timing === null) return;
    const { id, role, text } = line;
    const heard = line.role === 'agent' ? { heardChars: line.heardChars } : {};
    this.#write(() => {
      const entry = JSON.stringify({ id, role, text, ...heard, atSample: this.#capturedSamples });
      appendFileSync(join(this.#options.folder, 'transcript.jsonl'), `${entry}\n`, { mode: 0o600 });
    });
  }

  onLinesRemoved(ids: readonly string[]): void {
    this.#heard.onLinesRemoved(ids);
  }

  /** Writes the scenario. Null: no turn was recorded, or nothing can be written (told before). */
  finish(): { file: string; turns: number } | null {
    const { folder, recordedAt } = this.#options;
    const file = join(folder, SUITE_FILE);
    let count = 0;
    attempt(() => this.#track.close());
    this.#write(() => {
      const turns = this.#heard.turns.flatMap((turn, i) => this.#cut(turn, i) ?? []);
      if (turns.length === 0) return;
      const written = writtenTurns({ turns, answers: this.#heard.answers, sampleRateHz: CAPTURE_RATE_HZ });
      writeFileSync(file, suiteText(written, { recordedAt }), { mode: 0o600 });
      count = turns.length;
    }, true);
    return count === 0 ? null : { file, turns: count };
  }

  #captured(frames: readonly CaptureFrame[]): void {
    const last = frames.at(-1);
    if (last) this.#capturedSamples = last.startSample + last.samples.length;
    this.#write(() => this.#track.push(frames));
  }

  /** Undefined for a turn whose sound is not there: the disk was full by then. */
  #cut({ from, to, text }: RecordedTurn, index: number): CutTurn | undefined {
    const samples = this.#track.cut({ from, to: to + CLIP_TAIL_SAMPLES });
    if (samples.every((sample) => sample === 0)) return undefined;
    const speech = labelSpeech(samples, CAPTURE_RATE_HZ);
    const audio = `${CLIPS_FOLDER}/turn-${String(index + 1).padStart(2, '0')}.wav`;
    const writer = new WavWriter({ filePath: join(this.#options.folder, audio), sampleRateHz: CAPTURE_RATE_HZ });
    writer.write(samples);
    writer.close();
    return { audio, text, speechFrom: from + speech.from, speechTo: from + speech.to };
  }

  /** Once something cannot be written nothing more is, but for the end (`evenIfBroken`), since that needs less. */
  #write(work: () => void, evenIfBroken = false): void {
    if (this.#isBroken && !evenIfBroken) return;
    const error = attempt(work);
    if (!error || this.#isBroken) return;
    this.#isBroken = true;
    this.#options.onTrouble(error);
  }
}

function attempted(work: () => void): void {
  const error = attempt(work);
  if (error) throw error;
}

function attempt(work: () => void): ParleyError | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk-full' : 'audio-file-bad';
    return ParleyError.from(cause, 'app', code);
  }
}
