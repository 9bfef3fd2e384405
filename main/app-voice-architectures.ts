import type { AppAnswers } from './app-answers.ts';
import type { AppGuardrails } from './app-guardrails.ts';
import { speechToSpeechArchitectures, type AppSpeechToSpeechOptions } from './app-speech-to-speech.ts';
import type { AppVoiceCues } from './app-voice-cues.ts';
import { Cascade } from './cascade/cascade.ts';
import { NaiveCascade } from './cascade/naive/naive-cascade.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import { turnConfigOf } from './domain/turn/config.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import { audioEndpointFromEnvironment } from './platform/environment-overrides.ts';
import type { SecretStore } from './platform/secrets-store.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Listener } from './ports/listener.ts';
import type { Logger } from './ports/logger.ts';
import type { Responder } from './ports/responder.ts';
import type { ToolBox } from './ports/tool.ts';
import type { VoiceArchitecture } from './ports/voice-architecture.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { HalfCascade, type HalfCascadeParts } from './speech-to-speech/half-cascade/half-cascade.ts';

export interface VoiceArchitecturesOptions extends Pick<AppSpeechToSpeechOptions, 'loopback' | 'onUsage'> {
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  settings: SettingsStore;
  secrets: SecretStore;
  store: AppStateStore;
  /** What takes turns: may sleep until it is called. */
  listener: Listener;
  /** What writes down a hosted conversation: never sleeps. */
  ears: Listener;
  maxHistoryChars: number;
  answers: AppAnswers;
  guarded(responder: Responder): Responder;
  guardrails: AppGuardrails;
  voiceCues: AppVoiceCues;
  tools: ToolBox;
  report(error: SerialisedError): void;
}

/** Every way to an answer that the app knows, in the order in which they are offered; the first needs nobody else. */
export function voiceArchitectures(options: VoiceArchitecturesOptions): [VoiceArchitecture, ...VoiceArchitecture[]] {
  const { clock, logger, listener, maxHistoryChars, settings, store, answers, guarded, guardrails, secrets } = options;
  const parts = { listener, clock, logger, maxHistoryChars };
  const config = () => turnConfigOf(settings.current);
  const tuned = {
    ...parts,
    config,
    captureChain: () => store.state.audio.chain ?? null,
    wallClock: options.wallClock,
    naturalPauseMs: () => settings.current.naturalPauseMs,
  };
  const tts = answers.voice;
  const audioEndpoint = audioEndpointOf(process.env, options.report);
  return [
    new Cascade({
      ...tuned,
      tts,
      responder: options.voiceCues.answering({
        responder: guarded(answers.responder),
        cache: answers.cache,
        voice: tts,
      }),
      sentenceEnd: (request, callOptions) => answers.responder.sentenceEnd(request, callOptions),
    }),
    new NaiveCascade({ ...parts, tts, responder: guarded(answers.model) }),
    new HalfCascade({
      ...parts,
      tts,
      config,
      endpoint: () => audioEndpoint,
      apiKey: () => secrets.read('endpoint-api-key'),
      tools: answers.modelTools,
      guarded,
    }),
    ...speechToSpeechArchitectures({
      clock,
      logger,
      secrets,
      tts,
      tools: options.tools,
      loopback: options.loopback,
      guard: {
        rules: () => guardrails.rulesForStreams(),
        holdBackMs: () => settings.current.holdBackMs,
        onHit: (hit) => guardrails.streamEnded(hit),
      },
      ears: () => (settings.current.sideTranscript ? options.ears : null),
      hybrid: {
        isOn: () => settings.current.localFirst,
        parts: { ...tuned, localFirst: (model) => answers.localFirst(model) },
      },
      onUsage: options.onUsage,
    }),
  ];
}

function audioEndpointOf(
  env: NodeJS.ProcessEnv,
  report: (error: SerialisedError) => void,
): ReturnType<HalfCascadeParts['endpoint']> {
  try {
    return audioEndpointFromEnvironment(env) ?? null;
  } catch (cause) {
    report(ParleyError.from(cause, 'think').serialise());
    return null;
  }
}
