import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ParleyError } from '../../contract/errors.ts';
import { MoonshineAsr } from '../../engines/asr/moonshine.ts';
import { Campplus } from '../../engines/cues/campplus.ts';
import { ProsodyMeter } from '../../engines/cues/prosody-meter.ts';
import { SmartTurn } from '../../engines/turn/smart-turn.ts';
import { SileroVad } from '../../engines/vad/silero-vad.ts';
import { ListeningService } from '../../pipeline/listening/listening-service.ts';
import { appFiles } from '../../platform/app-files.ts';
import { MonotonicClock } from '../../platform/monotonic-clock.ts';
import type { Asr } from '../../ports/asr.ts';
import type { ListenerEvent, VoicePart } from '../../ports/listener.ts';
import type { TurnDetector } from '../../ports/turn-detector.ts';
import type { SpeakerEncoder, VoiceClaimant } from '../../ports/voice-cues.ts';
import type { ListenConfig } from '../listen-config.ts';
import { EmotionThread } from '../emotion-thread.ts';
import { serveListener } from '../listen-service.ts';
import { OptionalPart } from '../optional-part.ts';
import { serveEngine, type NotifyApp } from '../serve-engine.ts';

serveEngine<ListenConfig>('listen', async (config, notify) => {
  const threads = config.threads ?? 1;
  const vadDir = join(config.modelsDir, config.vadModelId ?? 'silero-vad');
  const vad = await SileroVad.open({ modelPath: join(vadDir, 'silero_vad.onnx'), threads });
  const turnDetector = await openTurnDetector(config, threads);
  const asr = await openAsr(config, threads);
  const speakers = speakerEncoder(config, threads, notify);
  const emotionModel = usersEmotionModel(config, notify);
  const listener = new ListeningService({
    vad,
    asr,
    turnDetector,
    voiceMeter: new ProsodyMeter(),
    speakerEncoder: () => speakers.get(),
    claimant: () => emotionModel?.get() ?? null,
    clock: new MonotonicClock(),
    // Deaf, there is nothing left to do here: the thread dies of it and the child is started again.
    onFailure: (error) =>
      queueMicrotask(() => {
        throw error;
      }),
  });
  await warmUp(config, asr, turnDetector);
  return serveListener(listener, {
    notify,
    async close() {
      listener.close();
      await Promise.all([vad.close(), asr.close(), turnDetector?.close(), speakers.close(), emotionModel?.close()]);
    },
  });
});

async function openTurnDetector(config: ListenConfig, threads: number): Promise<TurnDetector | null> {
  const modelId = config.turnModelId === undefined ? 'smart-turn-v3.2' : config.turnModelId;
  if (modelId === null) return null;
  // The file carries the name of its model, smart-turn-v3.2-cpu.onnx.
  const modelPath = join(config.modelsDir, modelId, `${modelId}-cpu.onnx`);
  return SmartTurn.open({ modelPath, threads });
}

/** Opened when the first voice is measured: it takes 0.2 s and 50 MB, and nothing where that is switched off. Without it, the features decide alone. */
function speakerEncoder(config: ListenConfig, threads: number, notify: NotifyApp): OptionalPart<SpeakerEncoder> {
  const modelPath = config.speakerModelFile ?? appFiles(join(import.meta.dirname, '..', '..')).speakerModelFile;
  return new OptionalPart<SpeakerEncoder>({
    stage: 'listen',
    open: () => Campplus.open({ modelPath, threads }),
    onMissing: (error) => sayMissing(notify, 'speaker-encoder', error),
  });
}

/** A model of the user's own, in a thread of its own; undefined when there is no folder for it. */
function usersEmotionModel(
  { emotionModelFolder: folder }: ListenConfig,
  notify: NotifyApp,
): OptionalPart<VoiceClaimant> | undefined {
  if (folder === undefined || !existsSync(folder)) return undefined;
  const workerUrl = new URL(`./emotion-worker${extname(import.meta.filename)}`, import.meta.url);
  return new OptionalPart<VoiceClaimant>({
    stage: 'listen',
    open: () => EmotionThread.open({ workerUrl, config: { folder } }),
    onMissing: (error) => sayMissing(notify, 'emotion-model', error),
  });
}

function sayMissing(notify: NotifyApp, part: VoicePart, error: ParleyError): void {
  const event: ListenerEvent = { type: 'voice-part-missing', part, error: error.serialise() };
  notify('event', event);
}

async function openAsr({ modelsDir, asr }: ListenConfig, threads: number): Promise<Asr> {
  const modelDir = join(modelsDir, asr.modelId);
  switch (asr.engine) {
    case 'moonshine':
      return MoonshineAsr.open({ modelDir, threads });
    case 'sherpa-onnx': {
      // Loaded when chosen: it brings a second ONNX Runtime.
      const { SherpaOfflineAsr } = await import('../../engines/asr/sherpa-offline.ts');
      return SherpaOfflineAsr.open({ modelDir, threads, ...(asr.language ? { language: asr.language } : {}) });
    }
    case 'whisper-cpp': {
      const { WhisperCppAsr } = await import('../../engines/asr/whisper-cpp.ts');
      const modelPath = join(modelDir, asr.fileName);
      return WhisperCppAsr.open({ modelPath, threads, ...(asr.language ? { language: asr.language } : {}) });
    }
    default:
      return asr satisfies never;
  }
}

/**
 * The first run of a model takes twice as long (memory is laid out): better now than when the user first pauses. Not for
 * recognisers that are slow anyway.
 */
async function warmUp(config: ListenConfig, asr: Asr, turnDetector: TurnDetector | null): Promise<void> {
  const hum = Float32Array.from({ length: 16_000 }, (_, i) => 0.01 * Math.sin(i / 10));
  if (config.asr.engine === 'moonshine') await asr.transcribe(hum);
  await turnDetector?.completeProbability(hum);
}
