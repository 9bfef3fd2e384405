import { describe, expect, it } from 'vitest';
import {
  answerOffset,
  conversationsOf,
  segmentsOf,
  turnKey,
  turnStretch,
} from '../../../../renderer/lib/compare/conversations.ts';
import { outline, peaksOf, readStereoWave } from '../../../../renderer/lib/compare/wave-file.ts';
import { comparisonReport } from '../../../fixtures/comparison-report.ts';
import { recordingOf } from '../../../fixtures/comparison-sound.ts';

const report = comparisonReport();
const turn = report.turns[0]!;

describe('conversations side by side', () => {
  it('are one for each scenario, with a recording of each architecture and repetition in the order of the report', () => {
    const all = conversationsOf(report);
    expect(all.map(({ id }) => id)).toEqual(['rapid/kitchen', 'barge-in/story', 'tools/no-thursday']);
    expect(
      all[0]!.sessions.map(({ architectureId, repetition }) => `${architectureId} ${repetition}`).slice(0, 4),
    ).toEqual(['cascade 1', 'naive-cascade 1', 'openai-realtime 1', 'cascade 2']);
    for (const { sessions, turns } of all) {
      expect(sessions.reduce((sum, session) => sum + session.turns.length, 0)).toBe(turns);
      for (const { turns: own } of sessions) expect(own.map(({ index }) => index)).toEqual(own.map((_, i) => i));
    }
  });

  it('have the answer where it sounds: voice to voice after the user’s last sound', () => {
    const [user, agent] = segmentsOf({ ...turn, toSeconds: 3, untilSeconds: 9, voiceToVoiceMs: 500, answerMs: 2000 });
    expect(user).toMatchObject({ side: 'user', toSeconds: 3 });
    expect(agent).toMatchObject({ side: 'agent', fromSeconds: 3.5, toSeconds: 5.5 });
    expect(segmentsOf({ ...turn, answerMs: null, agentWords: '' })).toHaveLength(1);
    expect(answerOffset({ ...turn, voiceToVoiceMs: 500, answerMs: 2000 })).toEqual({ fromMs: 500, toMs: 2500 });
    expect(answerOffset({ ...turn, voiceToVoiceMs: null })).toBeNull();
  });

  it('are heard from shortly before a turn until the next one, and not through minutes of silence', () => {
    expect(turnStretch({ ...turn, fromSeconds: 0.1, untilSeconds: 5 })).toEqual({ fromSeconds: 0, toSeconds: 5 });
    expect(turnStretch({ ...turn, fromSeconds: 10, untilSeconds: 500 }).toSeconds).toBeLessThan(41);
  });

  it('name each turn once', () => {
    expect(new Set(report.turns.map(turnKey)).size).toBe(report.turns.length);
  });
});

describe('the two tracks of a recording', () => {
  const bytes = recordingOf(report, turn.audioFile);
  const file = (from: Buffer): ArrayBuffer => Uint8Array.from(from).buffer;

  it('have the user on the left and the agent on the right, each while they speak', () => {
    const wave = readStereoWave(file(bytes));
    expect(wave.sampleRateHz).toBe(16_000);
    const peak = (channel: 0 | 1, fromSeconds: number, toSeconds: number): number =>
      peaksOf(wave, { channel, fromSeconds, toSeconds, count: 1 })[0]!;
    const [user, agent] = segmentsOf(turn);
    expect(peak(0, user!.fromSeconds, user!.toSeconds)).toBeGreaterThan(0.1);
    expect(peak(1, user!.fromSeconds, user!.toSeconds)).toBe(0);
    expect(peak(1, agent!.fromSeconds, agent!.toSeconds)).toBeGreaterThan(0.1);
    expect(peak(0, agent!.fromSeconds, agent!.toSeconds)).toBe(0);
  });

  it('are refused when they are none: other formats, one channel, no sound, cut in the header', () => {
    expect(() => readStereoWave(new ArrayBuffer(3))).toThrow(RangeError);
    expect(() => readStereoWave(file(Buffer.from('<!doctype html> not a recording at all')))).toThrow('no WAV file');
    const mono = Buffer.from(bytes);
    mono.writeUInt16LE(1, 22);
    expect(() => readStereoWave(file(mono))).toThrow('two channels');
    expect(() => readStereoWave(file(bytes.subarray(0, 36)))).toThrow('no sound');
  });

  it('that were cut short are read as far as they go, past chunks that are not known', () => {
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const odd = Buffer.concat([bytes.subarray(0, 36), list, bytes.subarray(36, 44 + 4000)]);
    expect(readStereoWave(file(odd)).length).toBe(1000);
  });

  it('are drawn as one closed outline', () => {
    expect(outline([0, 1, 0.25], { width: 20, middle: 10, height: 20 })).toBe(
      'M0.0,9.8L10.0,0.0L20.0,5.0L20.0,15.0L10.0,20.0L0.0,10.2Z',
    );
    expect(outline([], { width: 20, middle: 10, height: 20 })).toBe('');
  });
});
