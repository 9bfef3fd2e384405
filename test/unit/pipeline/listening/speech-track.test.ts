import { describe, expect, test } from 'vitest';
import { SpeechTrack } from '../../../../main/pipeline/listening/speech-track.ts';

const trackOf = (probabilities: number[], capacitySamples = 1000) => {
  const track = new SpeechTrack({ windowSamples: 10, capacitySamples });
  for (const probability of probabilities) track.record(probability);
  return track;
};

describe('speech track', () => {
  test('begins speech at two fifths and keeps it down to a third', () => {
    expect(trackOf([0.36, 0.39, 0.4, 0.38, 0.36, 0.3, 0.38]).speechWindows(0, 70)).toBe(3);
  });

  test('finds where speech begins and ends within a range', () => {
    const track = trackOf([0, 0.9, 0.9, 0, 0, 0.9, 0]);
    expect(track.firstSpeech(0, 70)).toBe(10);
    expect(track.lastSpeechEnd(0, 70)).toBe(60);
    expect(track.lastSpeechEnd(0, 45)).toBe(30);
    expect(track.firstSpeech(15, 70)).toBe(15);
    expect(track.firstSpeech(30, 50)).toBeUndefined();
    expect(track.lastSpeechEnd(30, 50)).toBeUndefined();
  });

  test('counts the windows that touch a range, and none of those it does not know', () => {
    const track = trackOf([0.9, 0.9, 0.9]);
    expect(track.speechWindows(9, 11)).toBe(2);
    expect(track.speechWindows(10, 20)).toBe(1);
    expect(track.speechWindows(20, 999)).toBe(1);
    expect(track.speechWindows(30, 999)).toBe(0);
  });

  test('counts the silence at its end', () => {
    expect(trackOf([0.9, 0, 0.2]).silentTailWindows()).toBe(2);
    expect(trackOf([0, 0.9]).silentTailWindows()).toBe(0);
    expect(trackOf([]).silentTailWindows()).toBe(0);
  });

  test('finds the best place for a cut, the latest of equals', () => {
    expect(trackOf([0.1, 0.9, 0.6, 0.9, 0.9]).leastSpeech(10, 50)).toBe(25);
    expect(trackOf([0.9, 0.9, 0.9]).leastSpeech(0, 30)).toBe(25);
    expect(trackOf([]).leastSpeech(0, 30)).toBeUndefined();
  });

  test('forgets what is older than its capacity', () => {
    const track = trackOf([0.9, 0.9, ...Array<number>(20).fill(0)], 100);
    expect(track.endSample).toBe(220);
    expect(track.speechWindows(0, 220)).toBe(0);
  });

  test('goes on elsewhere after a restart', () => {
    const track = trackOf([0.9]);
    track.restart(500);
    expect(track.endSample).toBe(500);
    track.record(0.9);
    expect(track.firstSpeech(0, 1000)).toBe(500);
  });
});
