import type { ArchitectureChoice, ArchitectureKind } from '../../main/contract/architecture.ts';

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
