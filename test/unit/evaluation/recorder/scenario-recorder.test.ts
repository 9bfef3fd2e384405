import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readWavFile } from '../../../../main/audio/wav-reader.ts';
import { WavWriter } from '../../../../main/audio/wav-writer.ts';
import { ParleyError } from '../../../../main/contract/errors.ts';
import type { TranscriptLine } from '../../../../main/contract/state.ts';
import { ScenarioRecorder } from '../../../../main/evaluation/recorder/scenario-recorder.ts';
import { loadSuites } from '../../../../main/evaluation/scenario/load-suites.ts';
import type { Listener } from '../../../../main/ports/listener.ts';

const FRAME = 160;
const line = { turnId: 't', at: 'now' };

/** Ears that only count what they are given. */
class CountingEars implements Listener {
  frames = 0;
  push(frames: { samples: Float32Array }[]): void {
    this.frames += frames.length;
  }
  beginUtterance(): void {}
  readUtterance(): Promise<{ text: string; completeProbability: null }> {
    return Promise.resolve({ text: 'Hello.', completeProbability: null });
  }
  endUtterance(): void {}
  onEvent(): () => void {
    return () => {};
  }
}

describe('a recorder of scenarios', () => {
  let folder: string;
  let ears: CountingEars;
  const troubles: ParleyError[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-recorder-'));
    ears = new CountingEars();
    troubles.length = 0;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  function record(): { recorder: ScenarioRecorder; listener: Listener } {
    const onTrouble = (error: ParleyError): void => void troubles.push(error);
    const recorder = new ScenarioRecorder({ folder: join(folder, 'new'), recordedAt: 'now', onTrouble });
    return { recorder, listener: recorder.listening(ears) };
  }

  /** A tone of that loudness for so many frames, at the position where the stream is. */
  function capture(listener: Listener, options: { from: number; frames: number; amplitude: number }): void {
    for (let i = 0; i < options.frames; i++) {
      const startSample = options.from + i * FRAME;
      const samples = Float32Array.from(
        { length: FRAME },
        (_, n) => options.amplitude * Math.sin((startSample + n) / 5),
      );
      listener.push([{ startSample, samples }]);
    }
  }

  /** Half a second of quiet, half a second of speech, half a second of quiet; the positions begin where a device was opened, not at 0. */
  async function oneTurn(
    { recorder, listener }: ReturnType<typeof record>,
    { id, from }: { id: string; from: number },
  ): Promise<void> {
    capture(listener, { from, frames: 50, amplitude: 0 });
    capture(listener, { from: from + 50 * FRAME, frames: 50, amplitude: 0.5 });
    capture(listener, { from: from + 100 * FRAME, frames: 50, amplitude: 0 });
    listener.beginUtterance(1, from + 30 * FRAME);
    await listener.readUtterance(1, from + 110 * FRAME);
    const said = {
      ...line,
      role: 'user',
      id,
      status: 'final',
      text: `${id}.`,
      stableChars: 0,
      source: 'voice',
    } as const;
    recorder.onLine(said satisfies TranscriptLine);
  }

  test('cuts each turn from the sound and writes a suite that the runner reads', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 3200 });
    await oneTurn(parts, { id: 'two', from: 3200 + 150 * FRAME });
    const recorded = parts.recorder.finish();
    expect(recorded).toEqual({ file: join(folder, 'new', 'scenario.yaml'), turns: 2 });
    const [suite] = await loadSuites([recorded!.file], folder);
    expect(suite!.scenarios[0]!.turns).toMatchObject([
      { audio: 'clips/turn-01.wav', text: 'one.' },
      { audio: 'clips/turn-02.wav', text: 'two.', after: 'speech', delay_ms: 1000 },
    ]);
    const clip = await readWavFile(join(suite!.folder, 'clips/turn-01.wav'));
    expect(clip.sampleRateHz).toBe(16_000);
    // From 200 ms before the speech to 100 ms after the reading, which was 100 ms behind it.
    expect(clip.samples.length).toBe(90 * FRAME);
    const loud = [...clip.samples.keys()].filter((i) => Math.abs(clip.samples[i]!) > 0.1);
    expect(loud[0]! / FRAME).toBeCloseTo(20, 0);
    expect(loud.at(-1)! / FRAME).toBeCloseTo(70, 0);
    expect(troubles).toEqual([]);
  });

  test('the ears get everything that they would get without it', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 0 });
    expect(ears.frames).toBe(150);
    await expect(parts.listener.readUtterance(1, 5)).resolves.toMatchObject({ text: 'Hello.' });
  });

  test('sound and transcript are in the folder while the conversation goes on', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 0 });
    const { samples } = await readWavFile(join(folder, 'new', 'microphone.wav'));
    expect(samples.length).toBeGreaterThan(16_000);
    expect(await readFile(join(folder, 'new', 'transcript.jsonl'), 'utf8')).toContain('"text":"one."');
    parts.recorder.finish();
  });

  test('a hole in the sound keeps what comes after it in its place', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 0 });
    await oneTurn(parts, { id: 'two', from: 150 * FRAME + 8000 });
    const [suite] = await loadSuites([parts.recorder.finish()!.file], folder);
    expect(suite!.scenarios[0]!.turns[1]).toMatchObject({ delay_ms: 1500 });
    const { samples } = await readWavFile(join(suite!.folder, 'clips/turn-02.wav'));
    expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(0.4);
  });

  test('a full disk is told once, the ears hear on, and what was recorded before becomes a scenario', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 0 });
    const full = vi.spyOn(WavWriter.prototype, 'write').mockImplementation(() => {
      throw new ParleyError({ code: 'disk-full', stage: 'audio' });
    });
    await oneTurn(parts, { id: 'two', from: 150 * FRAME });
    expect(troubles.map(({ code }) => code)).toEqual(['disk-full']);
    expect(ears.frames).toBe(300);
    full.mockRestore();
    expect(parts.recorder.finish()).toMatchObject({ turns: 1 });
    expect(troubles).toHaveLength(1);
  });

  test('a folder that goes away is told once and breaks nothing', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 0 });
    await rm(join(folder, 'new'), { recursive: true });
    await oneTurn(parts, { id: 'two', from: 150 * FRAME });
    expect(parts.recorder.finish()).toBeNull();
    expect(troubles).toHaveLength(1);
    expect(ears.frames).toBe(300);
  });

  test('a conversation without a turn leaves no scenario', () => {
    const { recorder, listener } = record();
    capture(listener, { from: 0, frames: 10, amplitude: 0 });
    expect(recorder.finish()).toBeNull();
    expect(existsSync(join(folder, 'new', 'scenario.yaml'))).toBe(false);
  });

  test('a folder with a scenario in it is refused, and left as it is', async () => {
    const parts = record();
    await oneTurn(parts, { id: 'one', from: 0 });
    parts.recorder.finish();
    const before = await readdir(join(folder, 'new'));
    expect(record).toThrow('holds a recorded scenario already');
    expect(await readdir(join(folder, 'new'))).toEqual(before);
  });
});
