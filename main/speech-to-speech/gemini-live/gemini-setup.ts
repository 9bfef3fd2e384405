import type { Content, LiveClientSetup, Modality } from '@google/genai';
import type { PastExchange } from '../../ports/responder.ts';
import type { ToolOffer } from '../../ports/tool.ts';
import type { TurnTaking } from '../remote-voice.ts';

export interface GeminiSetupOptions {
  model: string;
  voice: string | undefined;
  instructions: string;
  tools: readonly ToolOffer[];
  turnTaking: TurnTaking;
  /** Of a session to go on with. */
  handle: string | undefined;
  /** The history comes in a message of its own before anything is said. */
  seedsHistory: boolean;
}

/** The first message of a line. */
export function geminiSetup(options: GeminiSetupOptions): LiveClientSetup {
  const { model, voice, instructions, tools, turnTaking, handle, seedsHistory } = options;
  return {
    model: `models/${model}`,
    generationConfig: {
      responseModalities: ['AUDIO' as Modality],
      ...(voice && { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } } }),
    },
    systemInstruction: { role: 'user', parts: [{ text: instructions }] },
    ...(tools.length > 0 && {
      tools: [
        {
          functionDeclarations: tools.map(({ name, description, parameters }) => ({
            name,
            description,
            parametersJsonSchema: parameters,
          })),
        },
      ],
    }),
    ...(turnTaking === 'local' && { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } }),
    sessionResumption: handle === undefined ? {} : { handle },
    // Without it a session of sound ends after 15 min.
    contextWindowCompression: { slidingWindow: {} },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    ...(seedsHistory && usesHistoryConfig(model) && { historyConfig: { initialHistoryInClientContent: true } }),
  };
}

/** The second one, where there is a history: it is not answered. */
export function geminiHistory(
  history: readonly PastExchange[],
  model: string,
): { clientContent: { turns: Content[]; turnComplete: boolean } } {
  const turns = history.flatMap(({ user, heard }) => [
    ...(user === '' ? [] : [{ role: 'user', parts: [{ text: user }] }]),
    ...(heard === '' ? [] : [{ role: 'model', parts: [{ text: heard }] }]),
  ]);
  // With `historyConfig` the history ends with `turnComplete`; before there was that, `turnComplete` asked for an answer.
  return { clientContent: { turns, turnComplete: usesHistoryConfig(model) } };
}

/** What was answered elsewhere, for a model that takes no history in mid-session. */
export function historyNote(exchanges: readonly PastExchange[]): string {
  const told = exchanges.map(({ user, heard }) => `User: ${user || '(nothing)'} – you: ${heard || '(nothing)'}`);
  return `(Said before this, and answered already; do not answer it again. ${told.join(' / ')})`;
}

/** Models before 3 take history as content that is not complete; those since refuse that (livekit/agents 5251). */
function usesHistoryConfig(model: string): boolean {
  return !/gemini-(live-)?2\./.test(model);
}
