// The package has no types of its own; this is the part of it that speaks.
declare module 'sherpa-onnx-node' {
  export interface GeneratedAudio {
    samples: Float32Array;
    sampleRate: number;
  }
  export interface OfflineTtsConfig {
    model: {
      vits?: {
        model: string;
        tokens: string;
        dataDir: string;
        noiseScale?: number;
        noiseScaleW?: number;
        lengthScale?: number;
      };
      kokoro?: { model: string; voices: string; tokens: string; dataDir: string; lengthScale?: number };
      numThreads: number;
      provider: 'cpu';
      debug: boolean;
    };
    maxNumSentences: number;
  }
  export class OfflineTts {
    static createAsync(config: OfflineTtsConfig): Promise<OfflineTts>;
    readonly sampleRate: number;
    readonly numSpeakers: number;
    generateAsync(request: {
      text: string;
      sid: number;
      speed: number;
      enableExternalBuffer: boolean;
      /** Samples of one sentence; 0 stops before the next. */
      onProgress?: (info: { samples: Float32Array; progress: number }) => number;
    }): Promise<GeneratedAudio>;
  }
}
