import type { ArchitectureChoice, ArchitectureKind } from '../../main/contract/architecture.ts';
import type { RemoteUsageState } from '../../main/contract/speech-to-speech.ts';

/** Headings of the groups that choices are shown in, in this order. */
const KIND_WORDS: Record<ArchitectureKind, string> = {
  cascade: 'Cascade',
  'half-cascade': 'Half-cascade',
  'speech-to-speech': 'Speech-to-speech',
  loopback: 'For tests',
};

export const KIND_NOTES: Record<ArchitectureKind, string> = {
  cascade: 'Recognition, then a language model, then a voice.',
  'half-cascade': 'A model that hears, and a voice of ours.',
  'speech-to-speech': 'One model from sound to sound.',
  loopback: 'A cascade that is spoken to like a hosted model.',
};

export interface ArchitectureGroup {
  kind: ArchitectureKind;
  title: string;
  choices: ArchitectureChoice[];
}

/** Only groups that something is in. */
export function architectureGroups(choices: readonly ArchitectureChoice[]): ArchitectureGroup[] {
  return (Object.keys(KIND_WORDS) as ArchitectureKind[])
    .map((kind) => ({ kind, title: KIND_WORDS[kind], choices: choices.filter((choice) => choice.kind === kind) }))
    .filter(({ choices: members }) => members.length > 0);
}

export interface CapabilityHint {
  label: string;
  has: boolean;
}

/** What people choose by, best known first. */
export function capabilityHints({ capabilities, kind }: ArchitectureChoice): CapabilityHint[] {
  return [
    { label: 'Offline', has: capabilities.offline },
    { label: 'Line-by-line transcript', has: capabilities.lineByLineTranscript },
    { label: 'Voice of your choice', has: capabilities.customVoice },
    { label: 'Guardrails', has: capabilities.guardrails ?? kind === 'cascade' },
    { label: 'Tools', has: capabilities.tools },
  ];
}

/** What a conversation with a hosted model has used so far, by its provider's own meter. */
export function usageWords({ totals, answers, connectedMs, cost }: RemoteUsageState): string[] {
  const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const last = answers.at(-1);
  const tokens = `${count.format(totals.inputTokens)} tokens in, ${count.format(totals.outputTokens)} out`;
  const context = last ? `; the last answer read ${count.format(last.inputTokens)}` : '';
  const minutes = `${(connectedMs / 60_000).toFixed(1)} min connected`;
  if (!cost) return [`${tokens}${context}`, minutes];
  const metered = cost.meter === 'tokens' ? 'by tokens' : 'by connected time';
  return [`${tokens}${context}`, `${minutes} · about $${cost.usd.toFixed(3)} ${metered}, price of ${cost.priceDate}`];
}
