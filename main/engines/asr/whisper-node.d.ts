// The package names TypeScript sources as its types, which our compiler settings would then have to accept. tsconfig.json points here
// instead: the parts of it that we call.

export interface WhisperContext {
  transcribeData(
    pcm16: ArrayBuffer,
    options: { language?: string; maxThreads?: number; temperature?: number; temperatureInc?: number },
  ): { promise: Promise<{ result: string }> };
  release(): Promise<void>;
}

export function initWhisper(options: { filePath: string; useGpu?: boolean }): Promise<WhisperContext>;
export function toggleNativeLog(enable: boolean): Promise<void>;
