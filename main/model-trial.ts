import { basename } from 'node:path';
import type { ChildHost } from './children/child-host.ts';
import { SupervisedChild } from './children/supervised-child.ts';
import { ThinkClient } from './children/think-client.ts';
import type { LanguageModelDescription } from './children/think-service.ts';
import { ParleyError } from './contract/errors.ts';
import { untilAborted } from './lib/until-aborted.ts';
import type { TriedLanguageModel } from './platform/models/import-model.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';

export interface TrialOptions {
  childHost: ChildHost;
  clock: Clock;
  logger: Logger;
}

/**
 * Loads a GGUF file in a child of its own and lets it write a few words: a file that is damaged, or no model for conversations, shows
 * there and not in the app. Throws `model-corrupt`, `model-unsupported`, or why it does not run. Abort ends the child.
 */
export async function tryLanguageModel(
  { childHost: host, clock, logger }: TrialOptions,
  path: string,
  signal?: AbortSignal,
): Promise<TriedLanguageModel> {
  const config = { engine: 'llama-cpp', modelPath: path };
  // One try: what dies while it loads would die again.
  const limits = { restart: { maxRestarts: 0 } };
  const child = new SupervisedChild({ name: 'think', config, host, clock, logger, limits });
  const llm = new ThinkClient({ rpc: child, clock });
  try {
    await untilAborted(child.start(), signal, 'think');
    const description = await child.call<LanguageModelDescription>('describe', {}, signal ? { signal } : {});
    let text = '';
    const request = { messages: [{ role: 'user' as const, content: 'Say hello.' }], maxTokens: 8 };
    for await (const piece of llm.generate(request, signal ? { signal } : {})) text += piece;
    if (text.trim() === '') throw unusable('it writes nothing', path);
    return description;
  } catch (cause) {
    throw whyNot(cause, path);
  } finally {
    await child.stop();
  }
}

function whyNot(cause: unknown, path: string): ParleyError {
  const error = ParleyError.from(cause, 'think');
  // Without a template, of an unknown architecture: a model, but not one to talk with here.
  if (error.code === 'engine-failed' && /chat template|architecture/.test(error.message)) {
    return unusable(error.message, path, error);
  }
  // It died or gave up over the file.
  if (error.code.startsWith('child-')) {
    return new ParleyError({
      code: 'model-corrupt',
      stage: 'think',
      message: error.message,
      detail: basename(path),
      cause,
    });
  }
  return error;
}

function unusable(message: string, path: string, cause?: unknown): ParleyError {
  return new ParleyError({ code: 'model-unsupported', stage: 'think', message, detail: basename(path), cause });
}
