import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const dataFolder = process.env['PARLEY_DATA'] ?? join(homedir(), '.local', 'share', 'parley');

export const STARTER_LLM = {
  path: join(dataFolder, 'models', 'smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
};

/** Says why and returns true when the tests that need the model cannot run. */
export function starterLlmMissing(): boolean {
  if (existsSync(STARTER_LLM.path)) return false;
  console.warn(`Skipped: the starter language model is not installed (${STARTER_LLM.path}).`);
  return true;
}
