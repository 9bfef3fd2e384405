import type {
  ArchitectureCapabilities,
  ArchitectureChoice,
  ArchitectureKind,
} from '../../../main/contract/architecture.ts';
import type { Report } from '../../../main/contract/evaluation-report.ts';

type Kind = ArchitectureKind | null;

export interface CapabilityRow {
  name: string;
  note: string;
  /** Null: not known. */
  values: { id: string; has: boolean | null }[];
}

const ROWS: readonly { name: string; note: string; has(of: ArchitectureCapabilities, kind: Kind): boolean }[] = [
  {
    name: 'Line-by-line transcript',
    note: 'every turn in words, as it was understood',
    has: (of) => of.lineByLineTranscript,
  },
  { name: 'Custom voice', note: 'any installed voice speaks', has: (of) => of.customVoice },
  {
    name: 'Guardrails',
    note: 'your rules hold for what is said, before it is said',
    has: (of, kind) => of.guardrails ?? kind === 'cascade',
  },
  { name: 'Tools', note: 'it can call tools', has: (of) => of.tools },
  { name: 'Offline', note: 'nothing leaves the machine', has: (of) => of.offline },
  {
    name: 'Debuggable stage by stage',
    note: 'each stage is ours: its words can be seen, and replaced in a turn run again',
    has: (_, kind) => kind === 'cascade',
  },
  { name: 'Truncation', note: 'it can be told how much of an answer was heard', has: (of) => of.truncation },
  { name: 'Own turn detection', note: 'it decides itself when a turn is over', has: (of) => of.ownTurnDetection },
];

/** As told when it was measured; else as the app tells it now; else not known. */
export function capabilityRows(
  architectures: Report['architectures'],
  choices: readonly ArchitectureChoice[],
): CapabilityRow[] {
  return ROWS.map(({ name, note, has }) => ({
    name,
    note,
    values: architectures.map(({ id, kind, capabilities }) => {
      const choice = choices.find((each) => each.id === id);
      const told = capabilities ?? choice?.capabilities ?? null;
      return { id, has: told === null ? null : has(told, kind ?? choice?.kind ?? null) };
    }),
  }));
}
