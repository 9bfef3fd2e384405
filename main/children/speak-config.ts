/** What the `speak` child is started with: plain data that crosses the process boundary. Folders are those of installed models. */
export type SpeakConfig = HibariSpeakConfig | PiperSpeakConfig | KokoroSpeakConfig;

export interface HibariSpeakConfig {
  engine: 'hibari';
  /** With hibari.onnx. */
  folder: string;
  /**
   * With lexicon_us_gold.json.gz, lexicon_us_silver.json.gz, tagger.json.gz, oov.onnx and oov.json, which all American voices share.
   * Default: `folder`.
   */
  pronunciationFolder?: string;
  /** Default 1. */
  threads?: number;
}

export interface PiperSpeakConfig {
  engine: 'piper';
  /** With a Piper voice: one .onnx file and its .onnx.json. */
  folder: string;
  /** Default: the only .onnx file in the folder. */
  modelFile?: string;
  /** Of the model espeak-ng-data. */
  espeakDataFolder: string;
  /** Where the copy of the model lies that carries what sherpa-onnx wants to read in it. */
  cacheFolder: string;
  /** Default 1. */
  threads?: number;
  /** Of a voice with several. Default 0. */
  speakerId?: number;
}

export interface KokoroSpeakConfig {
  engine: 'kokoro';
  /** With one .onnx file and voices/<name>.bin. */
  folder: string;
  espeakDataFolder: string;
  cacheFolder: string;
  /** Default 1. */
  threads?: number;
  /** Default: the first by name. */
  voice?: string;
}
