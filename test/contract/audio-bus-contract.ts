import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AudioBus, AudioBusEvents, CaptureFrame, PlaybackProgress } from '../../main/ports/audio-devices.ts';
import type { MicrophoneState } from '../../main/contract/state.ts';

/** What a bus reported, in order. */
export class RecordedEvents implements AudioBusEvents {
  readonly progress: PlaybackProgress[] = [];
  readonly frames: CaptureFrame[] = [];
  readonly microphone: MicrophoneState[] = [];
  readonly levels: { inputDbfs: number; outputDbfs: number }[] = [];

  onCapture(frames: CaptureFrame[]): void {
    this.frames.push(...frames);
  }
  onPlayback(progress: PlaybackProgress): void {
    this.progress.push(progress);
  }
  onMicrophone(state: MicrophoneState): void {
    this.microphone.push(state);
  }
  onDevicesChanged(): void {}
  onLevels(levels: { inputDbfs: number; outputDbfs: number }): void {
    this.levels.push(levels);
  }

  ends(answerNumber: number): PlaybackProgress[] {
    return this.progress.filter((p) => p.answerNumber === answerNumber && p.ended);
  }
  played(answerNumber: number): number {
    return this.progress.findLast((p) => p.answerNumber === answerNumber)?.playedSamples ?? 0;
  }
}

export interface AudioBusHarness {
  /** Open already. */
  bus: AudioBus;
  events: RecordedEvents;
  /** Lets this much time pass for the device. */
  advance(ms: number): Promise<void>;
  /** The loudness (largest amplitude) of what the loudspeaker has played since the last call. */
  loudest(): number;
  dispose(): Promise<void>;
}

const RATE_HZ = 24_000;
const tone = (seconds: number, amplitude = 0.5) =>
  Float32Array.from({ length: RATE_HZ * seconds }, (_, i) => amplitude * Math.sin((2 * Math.PI * 300 * i) / RATE_HZ));

/** What every AudioBus does, whatever the device is. */
export function audioBusContract(name: string, setUp: () => Promise<AudioBusHarness>): void {
  describe(`${name} as an audio bus`, () => {
    let harness: AudioBusHarness;
    beforeEach(async () => void (harness = await setUp()));
    afterEach(() => harness.dispose());

    test('plays an answer and counts to its exact length, then ends once', async () => {
      const { bus, events, advance, loudest } = harness;
      await bus.play(1, tone(0.3), RATE_HZ);
      await bus.play(1, tone(0.2), RATE_HZ);
      bus.endAnswer(1);
      await advance(250);
      expect(loudest()).toBeGreaterThan(0.4);
      expect(events.ends(1)).toHaveLength(0);
      await advance(2000);
      expect(events.ends(1)).toEqual([{ answerNumber: 1, playedSamples: RATE_HZ * 0.5, ended: true }]);
      loudest();
      await advance(100);
      expect(loudest()).toBe(0);
    });

    test('counts never fall and follow time', async () => {
      const { bus, events, advance } = harness;
      void bus.play(1, tone(3), RATE_HZ);
      await advance(1000);
      const counts = events.progress.map((p) => p.playedSamples);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(events.played(1)).toBeGreaterThan(RATE_HZ * 0.6);
      expect(events.played(1)).toBeLessThanOrEqual(RATE_HZ);
    });

    test('does not end an answer that may go on', async () => {
      const { bus, events, advance } = harness;
      await bus.play(1, tone(0.1), RATE_HZ);
      await advance(1000);
      expect(events.ends(1)).toHaveLength(0);
      bus.endAnswer(1);
      await advance(500);
      expect(events.ends(1)).toHaveLength(1);
    });

    test('plays two answers one after the other', async () => {
      const { bus, events, advance } = harness;
      await bus.play(1, tone(0.3), RATE_HZ);
      await bus.play(2, tone(0.3), RATE_HZ);
      bus.endAnswer(1);
      bus.endAnswer(2);
      await advance(200);
      expect(events.played(2)).toBe(0);
      await advance(2000);
      const ends = events.progress.filter((p) => p.ended);
      expect(ends.map((p) => [p.answerNumber, p.playedSamples])).toEqual([
        [1, RATE_HZ * 0.3],
        [2, RATE_HZ * 0.3],
      ]);
    });

    test('stopping in the middle silences it, ends it once and tells how much was heard', async () => {
      const { bus, events, advance, loudest } = harness;
      void bus.play(1, tone(1.5), RATE_HZ);
      await advance(500);
      const stopped = bus.stopAnswer(1);
      await advance(200);
      const played = await stopped;
      expect(played).toBeGreaterThan(RATE_HZ * 0.3);
      expect(played).toBeLessThan(RATE_HZ * 0.8);
      expect(events.ends(1)).toEqual([{ answerNumber: 1, playedSamples: played, ended: true }]);
      loudest();
      await advance(1000);
      expect(loudest()).toBe(0);
      expect(events.progress.at(-1)?.ended).toBe(true);
    });

    test('drops what is played of an answer after it was stopped, at once', async () => {
      const { bus, advance, loudest } = harness;
      void bus.play(1, tone(0.5), RATE_HZ);
      await advance(100);
      const stopped = bus.stopAnswer(1);
      await advance(200);
      await stopped;
      loudest();
      await bus.play(1, tone(10), RATE_HZ);
      bus.endAnswer(1);
      await advance(500);
      expect(loudest()).toBe(0);
    });

    test('the next answer sounds after one was stopped', async () => {
      const { bus, events, advance, loudest } = harness;
      void bus.play(1, tone(1), RATE_HZ);
      await advance(300);
      void bus.stopAnswer(1);
      await bus.play(2, tone(0.2), RATE_HZ);
      bus.endAnswer(2);
      await advance(100);
      loudest();
      await advance(100);
      expect(loudest()).toBeGreaterThan(0.4);
      await advance(1000);
      expect(events.ends(2)[0]?.playedSamples).toBe(RATE_HZ * 0.2);
    });

    test('makes a producer wait that is more than about two seconds ahead', async () => {
      const { bus, advance } = harness;
      let isThrough = false;
      const playing = bus.play(1, tone(4), RATE_HZ).then(() => (isThrough = true));
      await advance(1000);
      expect(isThrough).toBe(false);
      await advance(2000);
      await playing;
    });

    test('lets a waiting producer go when the answer is stopped', async () => {
      const { bus, advance } = harness;
      const playing = bus.play(1, tone(10), RATE_HZ);
      await advance(50);
      void bus.stopAnswer(1);
      await advance(1000);
      await playing;
    });

    test('ducks and restores', async () => {
      const { bus, advance, loudest } = harness;
      void bus.play(1, tone(3), RATE_HZ);
      await advance(300);
      bus.setGain(-20, 10);
      await advance(200);
      loudest();
      await advance(200);
      expect(loudest()).toBeLessThan(0.06);
      bus.setGain(0, 10);
      await advance(400);
      expect(loudest()).toBeGreaterThan(0.4);
    });

    test('holds at a sample and goes on from it', async () => {
      const { bus, events, advance, loudest } = harness;
      void bus.play(1, tone(0.8), RATE_HZ);
      bus.endAnswer(1);
      await advance(400);
      bus.setHeld(true);
      await advance(200);
      const heldAt = events.played(1);
      loudest();
      await advance(1000);
      expect(loudest()).toBe(0);
      expect(events.played(1)).toBe(heldAt);
      bus.setHeld(false);
      await advance(1500);
      expect(events.ends(1)[0]?.playedSamples).toBe(RATE_HZ * 0.8);
    });

    test('an answer without audio ends at zero', async () => {
      const { bus, events, advance } = harness;
      bus.endAnswer(1);
      expect(await bus.stopAnswer(2)).toBe(0);
      await advance(300);
      expect(events.ends(1)[0]?.playedSamples).toBe(0);
      expect(events.ends(2)[0]?.playedSamples).toBe(0);
    });

    test('refuses a device that it does not have', async () => {
      const opening = harness.bus.open({ inputId: null, outputId: 'no such device' });
      await expect(opening).rejects.toMatchObject({ code: 'unknown-device', stage: 'audio' });
    });

    test('closing ends what plays, lets producers go and reports nothing after it', async () => {
      const { bus, events, advance } = harness;
      const playing = bus.play(1, tone(10), RATE_HZ);
      await advance(300);
      await bus.close();
      await playing;
      expect(events.ends(1)).toHaveLength(1);
      const reported = [events.frames.length, events.progress.length];
      await advance(500);
      expect([events.frames.length, events.progress.length]).toEqual(reported);
    });
  });
}
