/// <reference types="svelte" />
import { RecordingSound, type HeardChannel, type PlayingSound } from '../client/recording-sound.ts';
import { readStereoWave, type StereoWave } from '../lib/compare/wave-file.ts';

/** What is played: a stretch of a recording. `id` tells two players of the same recording apart. */
export interface Stretch {
  id: string;
  url: string;
  fromSeconds: number;
  toSeconds: number;
}

/** Recordings are up to some 40 MB: only the last few are kept. */
const KEPT_WAVES = 6;

/** Plays recordings of a run, one at a time. */
export class RecordingPlayer {
  readonly #sound = new RecordingSound();
  readonly #waves = new Map<string, Promise<StereoWave>>();
  #stretch: Stretch | null = $state.raw(null);
  #phase: 'off' | 'loading' | 'playing' = $state('off');
  #positionSeconds = $state(0);
  #channel: HeardChannel = $state('both');
  #failedUrl: string | null = $state(null);
  #playing: PlayingSound | undefined;
  #frame = 0;

  get phase(): 'off' | 'loading' | 'playing' {
    return this.#phase;
  }

  get channel(): HeardChannel {
    return this.#channel;
  }

  set channel(channel: HeardChannel) {
    this.#channel = channel;
    this.#playing?.hear(channel);
  }

  /** The recording that could not be fetched or read. */
  get failedUrl(): string | null {
    return this.#failedUrl;
  }

  isPlaying(id: string): boolean {
    return this.#stretch?.id === id && this.#phase !== 'off';
  }

  /** Where the playhead of that player stands; null: it has none. */
  positionOf(id: string): number | null {
    return this.#stretch?.id === id ? this.#positionSeconds : null;
  }

  /** The recording's samples. Throws when it cannot be fetched or is no recording. */
  wave(url: string): Promise<StereoWave> {
    const known = this.#waves.get(url);
    if (known !== undefined) return known;
    const wave = fetchWave(url);
    this.#waves.set(url, wave);
    wave.catch(() => this.#waves.delete(url));
    const oldest = this.#waves.size > KEPT_WAVES ? this.#waves.keys().next().value : undefined;
    if (oldest !== undefined) this.#waves.delete(oldest);
    return wave;
  }

  /** Call from a user gesture. `channel`: heard in this stretch alone; default: what the reader chose. */
  async play(stretch: Stretch, channel?: HeardChannel): Promise<void> {
    this.stop();
    this.#stretch = stretch;
    this.#positionSeconds = stretch.fromSeconds;
    this.#phase = 'loading';
    this.#failedUrl = null;
    try {
      const wave = await this.wave(stretch.url);
      if (this.#stretch !== stretch) return;
      this.#playing = this.#sound.play(wave, {
        ...stretch,
        channel: channel ?? this.#channel,
        onEnded: () => this.stop(),
      });
      this.#phase = 'playing';
      this.#follow();
    } catch {
      if (this.#stretch !== stretch) return;
      this.#failedUrl = stretch.url;
      this.stop();
    }
  }

  toggle(stretch: Stretch): void {
    if (this.isPlaying(stretch.id)) this.stop();
    else void this.play(stretch);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#playing) this.#positionSeconds = this.#playing.positionSeconds();
    this.#playing?.stop();
    this.#playing = undefined;
    this.#phase = 'off';
    // A click on another stretch that is still loading is not meant any more.
    if (this.#stretch) this.#stretch = { ...this.#stretch };
  }

  close(): void {
    this.stop();
    this.#sound.close();
  }

  #follow(): void {
    this.#frame = requestAnimationFrame(() => {
      if (!this.#playing) return;
      this.#positionSeconds = this.#playing.positionSeconds();
      this.#follow();
    });
  }
}

async function fetchWave(url: string): Promise<StereoWave> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  return readStereoWave(await response.arrayBuffer());
}
