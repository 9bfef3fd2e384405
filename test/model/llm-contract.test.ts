import { describe } from 'vitest';
import { LlamaCppLlm } from '../../main/engines/llm/llama-cpp.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { llmContract } from '../contract/llm-contract.ts';
import { STARTER_LLM, starterLlmMissing } from './starter-llm.ts';

describe.skipIf(starterLlmMissing())('real weights', () => {
  llmContract('SmolLM2 through llama.cpp', async () => {
    const llm = await LlamaCppLlm.load({
      modelPath: STARTER_LLM.path,
      threads: 1,
      contextTokens: 1024,
      clock: new MonotonicClock(),
    });
    return { llm, dispose: () => llm.close() };
  });
});
