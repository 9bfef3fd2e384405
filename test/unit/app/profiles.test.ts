import { describe, expect, it } from 'vitest';
import { forecastLatency } from '../../../main/calibration/forecast.ts';
import { profilesFor, recommendedProfile } from '../../../main/calibration/profiles.ts';
import type { Calibration } from '../../../main/contract/models.ts';
import { STARTER_MODELS } from '../../../main/engine-configs.ts';
import { loadShippedCatalogue } from '../../../main/platform/models/model-catalogue.ts';

const catalogue = loadShippedCatalogue();
const GB = 1e9;
/** The starter's figures on two old cores. */
const small: Calibration = {
  ...{ at: '2030-01-01T00:00:00.000Z', cores: 2, totalMemoryBytes: 8 * GB, freeMemoryBytes: 4 * GB, tookMs: 9000 },
  ...{ prefillTokensPerSecond: 130, decodeTokensPerSecond: 55, asrRealTimeFactor: 0.05, ttsRealTimeFactor: 0.03 },
};
const large: Calibration = {
  ...{ ...small, cores: 16, totalMemoryBytes: 64 * GB },
  ...{ prefillTokensPerSecond: 2500, decodeTokensPerSecond: 350, asrRealTimeFactor: 0.01, ttsRealTimeFactor: 0.01 },
};

const profiles = (calibration: Calibration) => profilesFor({ catalogue, starters: STARTER_MODELS, calibration });
const forecast = (llm: string, calibration: Calibration) => {
  const find = (id: string) => catalogue.get(id);
  const starterLlm = find(STARTER_MODELS.llm);
  return forecastLatency(
    { asr: find(STARTER_MODELS.asr), llm: find(llm), tts: find(STARTER_MODELS.tts), starterLlm },
    calibration,
  )!;
};

describe('the forecast', () => {
  it('gives the starter the speed that was measured, and larger models less by their size', () => {
    expect(forecast(STARTER_MODELS.llm, small).tokensPerSecond).toBe(55);
    const order = [STARTER_MODELS.llm, 'qwen3-0.6b', 'qwen3-1.7b', 'qwen3-4b-instruct-2507'];
    const totals = order.map((id) => forecast(id, small).totalMs);
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
  });

  it('is never below the pause that ends a turn: what is ready before costs nothing', () => {
    const instant = { ...large, decodeTokensPerSecond: 1e6, prefillTokensPerSecond: 1e6, asrRealTimeFactor: 0 };
    const { totalMs, endpointMs } = forecast(STARTER_MODELS.llm, instant);
    expect(totalMs).toBeGreaterThanOrEqual(endpointMs);
    expect(totalMs).toBeLessThan(endpointMs + 100);
  });
});

describe('profiles', () => {
  it('of a small machine stay prompt and leave it half of its memory', () => {
    for (const { name, forecast: each, memoryBytes } of profiles(small)) {
      if (name !== 'starter') expect(memoryBytes).toBeLessThanOrEqual(4 * GB);
      expect(each!.totalMs).toBeLessThanOrEqual(name === 'best' ? 2500 : 1200);
    }
  });

  it('of a large machine have abler models, and the best is recommended', () => {
    const [starter, balanced, best] = profiles(large);
    expect(starter!.llm.id).toBe(STARTER_MODELS.llm);
    expect(balanced!.llm.quality!).toBeGreaterThan(5);
    expect(best!.llm.quality!).toBeGreaterThanOrEqual(balanced!.llm.quality!);
    expect(best!.asr.id).toMatch(/parakeet/);
    expect(recommendedProfile(profiles(large))).not.toBe('starter');
  });

  it('of a machine without memory to spare are the starter', () => {
    const poor = { ...small, totalMemoryBytes: 1 * GB };
    expect(profiles(poor).map(({ llm }) => llm.id)).toEqual(Array(3).fill(STARTER_MODELS.llm));
    expect(recommendedProfile(profiles(poor))).toBe('starter');
  });
});
