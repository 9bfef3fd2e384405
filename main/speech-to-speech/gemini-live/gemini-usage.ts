import type { ModalityTokenCount, UsageMetadata } from '@google/genai';
import type { RemoteUsage } from '../remote-voice.ts';

/** Of one answer: Google counts the whole context anew as its input. */
export function geminiUsage(usage: UsageMetadata): RemoteUsage {
  const input = byModality(usage.promptTokensDetails, usage.promptTokenCount);
  const output = byModality(usage.responseTokensDetails, usage.responseTokenCount);
  return {
    inputAudioTokens: input.audio,
    inputTextTokens: input.text + (usage.toolUsePromptTokenCount ?? 0),
    cachedTokens: usage.cachedContentTokenCount ?? 0,
    outputAudioTokens: output.audio,
    // Thoughts are paid like words.
    outputTextTokens: output.text + (usage.thoughtsTokenCount ?? 0),
  };
}

/** What is told without its kind counts as text. */
function byModality(details: ModalityTokenCount[] = [], total = 0): { audio: number; text: number } {
  const audio = sum(details.filter(({ modality }) => modality === 'AUDIO'));
  return { audio, text: Math.max(total, sum(details)) - audio };
}

function sum(counts: ModalityTokenCount[]): number {
  return counts.reduce((all, { tokenCount }) => all + (tokenCount ?? 0), 0);
}
