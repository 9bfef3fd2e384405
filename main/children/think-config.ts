/** What the `think` child is started with: plain data that crosses the process boundary. */
export type ThinkConfig = LlamaCppThinkConfig | OpenAiCompatibleThinkConfig;

export interface LlamaCppThinkConfig {
  engine: 'llama-cpp';
  modelPath: string;
  /** Of the model file, as installed and checked. Needed for `stateFolder`. */
  modelSha256?: string;
  /** Where the computed system prompt is kept between starts. Default: it is not kept. */
  stateFolder?: string;
  /** Default: all cores but one. */
  threads?: number;
  /** Tokens of prompt and answer together. Default 2048. */
  contextTokens?: number;
  /** Default false: the processor alone. */
  gpu?: 'auto' | false;
}

export interface OpenAiCompatibleThinkConfig {
  engine: 'openai-compatible';
  /** Up to and including the version, such as http://127.0.0.1:11434/v1. */
  baseUrl: string;
  model: string;
  /** Comes with the config and not through the environment, which every child of the child would see. */
  apiKey?: string;
}
