/** Which recogniser; model ids name folders in `modelsDir`. */
export type AsrChoice =
  | { engine: 'moonshine'; modelId: string }
  /** A model for sherpa-onnx that the user installed: which kind it is follows from its files. */
  | { engine: 'sherpa-onnx'; modelId: string; language?: string }
  | { engine: 'whisper-cpp'; modelId: string; fileName: string; language?: string };

/** What the `listen` child is started with. Plain data: it crosses processes. */
export interface ListenConfig {
  /** Files are found as `<modelsDir>/<model id>/<file>`. */
  modelsDir: string;
  asr: AsrChoice;
  /** Default `silero-vad`. */
  vadModelId?: string;
  /** Default `smart-turn-v3.2`; null does without, readings then carry no probability. */
  turnModelId?: string | null;
  /** Tells speakers apart. Default: the file that comes with the program. */
  speakerModelFile?: string;
  /** Of the user's speech-emotion model (docs/voice-cues.md). Default, and when it is not there: none. */
  emotionModelFolder?: string;
  /** Threads of each engine. Default 1: on small machines more threads take the time from the other engines. */
  threads?: number;
}
