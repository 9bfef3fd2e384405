import { LlamaCppLlm } from '../../engines/llm/llama-cpp.ts';
import { MonotonicClock } from '../../platform/monotonic-clock.ts';
import type { Llm } from '../../ports/llm.ts';
import { serveEngine } from '../serve-engine.ts';
import type { LlamaCppThinkConfig, ThinkConfig } from '../think-config.ts';
import { serveLlm, type LanguageModelDescription } from '../think-service.ts';

const clock = new MonotonicClock();

serveEngine<ThinkConfig>('think', async (config) => {
  const llm = await openLlm(config);
  const served = serveLlm(llm);
  return { ...served, calls: { ...served.calls, describe: () => Promise.resolve(describe(llm)) } };
});

function describe(llm: Llm): LanguageModelDescription | null {
  return llm instanceof LlamaCppLlm ? { ...llm.description, memoryBytes: process.memoryUsage.rss() } : null;
}

async function openLlm(config: ThinkConfig): Promise<Llm> {
  switch (config.engine) {
    case 'llama-cpp':
      return openLlamaCpp(config);
    case 'openai-compatible': {
      // Only for those who have a server: reading its package takes 0.2 s.
      const { OpenAiCompatibleLlm } = await import('../../engines/llm/openai-compatible.ts');
      return new OpenAiCompatibleLlm({ ...config, clock });
    }
    default:
      return config satisfies never;
  }
}

function openLlamaCpp({ modelSha256, stateFolder, ...config }: LlamaCppThinkConfig): Promise<Llm> {
  const promptStates = modelSha256 && stateFolder ? { folder: stateFolder, modelSha256 } : undefined;
  return LlamaCppLlm.load({ ...config, clock, ...(promptStates ? { promptStates } : {}) });
}
