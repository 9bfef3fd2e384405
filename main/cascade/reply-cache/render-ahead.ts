import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Tts } from '../../ports/tts.ts';
import { clausesOf, type RenderedSpeech } from '../responder-chain.ts';
import type { SpeechAudio, SpeechFiles, SpeechIdentity } from './speech-files.ts';

export interface RenderAheadOptions {
  /** Answers that may be given; clauses that several have in common are rendered once. */
  texts: readonly string[];
  tts: Tts;
  /** The voice of now; null when there is none. */
  voice(): Omit<SpeechIdentity, 'text'> | null;
  files: Pick<SpeechFiles, 'read' | 'write' | 'has'>;
  clock: Clock;
  logger: Logger;
  /** One more clause is there. */
  onRendered?(): void;
}

/** Nobody has said anything for this long: a user who pauses between two turns should not wait behind a rendering. */
const QUIET_MS = 3000;
/**
 * Between two clauses, in times of what the last one took: some 6% of a core, once for each voice. An assistant that only listens should
 * cost next to nothing, and most answers that are not rendered yet are made within the pause that ends the turn: the default voice takes
 * 30 ms more for their first clause. It is through its table in ten minutes.
 */
const BREATH_PER_RENDERING = 15;
/** A slow voice must not take hours for its table. */
const LONGEST_BREATH_MS = 4000;
const RETRY_MS = 60_000;

/** Makes the audio of answers before they are needed, while nobody speaks, and finds it again when they are. */
export class RenderAhead implements RenderedSpeech {
  readonly #options: RenderAheadOptions;
  #clauses: readonly string[];
  #running: AbortController | null = null;
  #cancelStart = (): void => {};
  #isIdle = false;
  #closed = false;

  constructor(options: RenderAheadOptions) {
    this.#options = options;
    this.#clauses = clausesIn(options.texts);
  }

  /** Other answers may be given from now on; what is rendered of them already stays. */
  setTexts(texts: readonly string[]): void {
    this.#clauses = clausesIn(texts);
    this.voiceChanged();
  }

  /** How many clauses there are, and how many of them have their audio. */
  async progress(): Promise<{ done: number; total: number }> {
    const { files } = this.#options;
    const voice = this.#options.voice();
    if (!voice) return { done: 0, total: this.#clauses.length };
    const present = await Promise.all(this.#clauses.map((text) => files.has({ ...voice, text })));
    return { done: present.filter(Boolean).length, total: this.#clauses.length };
  }

  async find(text: string): Promise<SpeechAudio | null> {
    const voice = this.#options.voice();
    return voice === null ? null : this.#options.files.read({ ...voice, text });
  }

  /** Whether nobody speaks, listens for the end of a turn, or thinks. Rendering stops within one chunk when somebody does. */
  setIdle(isIdle: boolean): void {
    if (this.#closed || isIdle === this.#isIdle) return;
    this.#isIdle = isIdle;
    this.#cancelStart();
    if (isIdle) this.#startIn(QUIET_MS);
    else this.#running?.abort();
  }

  /** The voice has changed: what is rendered for it is looked at again, and nothing half made is kept under its name. */
  voiceChanged(): void {
    this.#running?.abort();
    if (this.#isIdle && !this.#closed) this.#startIn(QUIET_MS);
  }

  close(): void {
    this.#closed = true;
    this.#cancelStart();
    this.#running?.abort();
  }

  #startIn(delayMs: number): void {
    this.#cancelStart();
    this.#cancelStart = this.#options.clock.schedule(delayMs, () => void this.#renderNext());
  }

  /** One clause that is missing, then a breath, until there is none. */
  async #renderNext(): Promise<void> {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    const { clock } = this.#options;
    const sinceMs = clock.nowMs();
    let nextInMs: number | null = null;
    try {
      const rendered = await this.#renderMissing(running.signal);
      if (rendered) nextInMs = Math.min(LONGEST_BREATH_MS, (clock.nowMs() - sinceMs) * BREATH_PER_RENDERING);
    } catch (error) {
      // Interrupted by a user, or the voice is not there (yet): neither is worth more than a note.
      if (!running.signal.aborted) this.#options.logger.debug('rendering ahead failed', { error });
      nextInMs = running.signal.aborted ? QUIET_MS : RETRY_MS;
    }
    this.#running = null;
    if (nextInMs !== null && this.#isIdle && !this.#closed) this.#startIn(nextInMs);
  }

  async #renderMissing(signal: AbortSignal): Promise<boolean> {
    const { tts, files } = this.#options;
    const voice = this.#options.voice();
    if (!voice) return false;
    for (const text of this.#clauses) {
      const identity = { ...voice, text };
      if (await files.has(identity)) continue;
      if (signal.aborted) return false;
      const chunks: Float32Array[] = [];
      for await (const chunk of tts.synthesize({ text, speed: voice.speed }, { signal })) chunks.push(chunk);
      if (signal.aborted) return false;
      await files.write(identity, { pcm: joined(chunks), sampleRateHz: tts.sampleRateHz });
      this.#options.onRendered?.();
      return true;
    }
    return false;
  }
}

/** Each once, in the order of the texts. */
function clausesIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => clausesOf(text).map((clause) => clause.text)))];
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
