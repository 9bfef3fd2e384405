import { fromPcm16 } from '../../main/lib/pcm16.ts';
import type { Clock } from '../../main/ports/clock.ts';
import type { Listener, ListenerEvent } from '../../main/ports/listener.ts';
import type { VoiceArchitecture, VoiceSession } from '../../main/ports/voice-architecture.ts';

const WINDOW_SAMPLES = 512;
const WINDOW_MS = 32;
/** An utterance of about a second. */
const SPOKEN_WINDOWS = 30;
/** Far enough apart to come through 16-bit sound. */
const STEP = 1 / 256;

/** Ears that understand what is said by `spoken` and take only it for a voice. */
export class SpokenEars implements Listener {
  text = '';
  readonly #listeners = new Set<(event: ListenerEvent) => void>();

  push(): void {}
  beginUtterance(): void {}
  endUtterance(): void {}
  readUtterance = () => Promise.resolve({ text: this.text, completeProbability: 0.99 });

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  judge(endSample: number, isVoice: boolean): void {
    const [probability, levelDbfs] = isVoice ? [0.95, -20] : [0.02, -60];
    for (const tell of this.#listeners) tell({ type: 'vad', endSample, probability, levelDbfs });
  }
}

/** The same architecture with a microphone that is open all the time: what is to be typed is spoken, as a sound that `wordsIn` can read. */
export function spoken(
  architecture: VoiceArchitecture,
  { clock, ears }: { clock: Clock; ears: SpokenEars },
): VoiceArchitecture {
  const open: VoiceArchitecture['open'] = async (options) => {
    const session = await architecture.open(options);
    let at = 0;
    let toSay: Float32Array[] = [];
    let stop = (): void => {};
    const hear = (): void => {
      stop = clock.schedule(WINDOW_MS, hear);
      const word = toSay.shift();
      session.push([{ startSample: at, samples: word ?? new Float32Array(WINDOW_SAMPLES) }]);
      at += WINDOW_SAMPLES;
      ears.judge(at, word !== undefined);
    };
    hear();
    const close = session.close.bind(session);
    return Object.assign<VoiceSession, Partial<VoiceSession>>(session, {
      say(text) {
        ears.text = text;
        toSay = soundOf(text);
      },
      close() {
        stop();
        return close();
      },
    });
  };
  const { id, label, kind, capabilities, unavailable } = architecture;
  return { id, label, kind, capabilities, unavailable, open };
}

/** The words in 16-bit sound; "" when there are none. */
export function wordsIn(pcm16: Uint8Array): string {
  const codes = [...fromPcm16(pcm16)].map((sample) => Math.round(sample / STEP)).filter((code) => code > 0);
  return String.fromCharCode(...codes);
}

/** Letters in the middle of an utterance: nothing that is kept before or behind it holds them. */
function soundOf(text: string): Float32Array[] {
  const windows = Array.from({ length: SPOKEN_WINDOWS }, () => new Float32Array(WINDOW_SAMPLES));
  for (const [index, letter] of [...text].entries()) {
    windows[SPOKEN_WINDOWS / 2]![index] = letter.charCodeAt(0) * STEP;
  }
  return windows;
}
