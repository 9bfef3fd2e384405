import { z } from 'zod';

/**
 * How an answer comes about. `cascade`: recognition → text → synthesis; `half-cascade`: a model that hears, and a voice of ours;
 * `speech-to-speech`: one model from sound to sound; `loopback`: a cascade behind a speech-to-speech protocol, never to be called a model of its own.
 */
export const architectureKindSchema = z.enum(['cascade', 'half-cascade', 'speech-to-speech', 'loopback']);
export type ArchitectureKind = z.infer<typeof architectureKindSchema>;

/** Which architecture an answer is of, as it was then. */
export const answeringArchitectureSchema = z.object({
  id: z.string(),
  label: z.string(),
  kind: architectureKindSchema,
});
export type AnsweringArchitecture = z.infer<typeof answeringArchitectureSchema>;

/** A loopback is a cascade, whoever answers at its other end: it has one name everywhere. */
export const LOOPBACK_LABEL = 'Loopback: cascade behind the S2S protocol';

/** What an architecture is called wherever people read it. */
export function architectureLabel({ label, kind }: { label: string; kind: ArchitectureKind }): string {
  return kind === 'loopback' ? LOOPBACK_LABEL : label;
}

/** What an architecture can do; the window and the evaluator read this, never names. */
export const architectureCapabilitiesSchema = z.object({
  /** It decides itself when a turn is over. */
  ownTurnDetection: z.boolean(),
  /** It can leave turns to the ears of this machine, and be told what was answered here: the table of replies and the skills may go first. */
  localTurns: z.boolean().optional(),
  /** It can be told how much of an answer was heard. */
  truncation: z.boolean(),
  tools: z.boolean(),
  customVoice: z.boolean(),
  lineByLineTranscript: z.boolean(),
  /** The user's rules hold for what it says. Absent: as its kind does, which is only for a cascade. */
  guardrails: z.boolean().optional(),
  /** Nothing leaves the machine. */
  offline: z.boolean(),
});
export type ArchitectureCapabilities = z.infer<typeof architectureCapabilitiesSchema>;

export const architectureChoiceSchema = z.object({
  id: z.string(),
  label: z.string(),
  kind: architectureKindSchema,
  capabilities: architectureCapabilitiesSchema,
  /** Why it cannot be chosen now and what to do about it, in words; null: it can. */
  unavailable: z.string().nullable(),
  /** Only there to be compared with. */
  isBaseline: z.boolean(),
});
export type ArchitectureChoice = z.infer<typeof architectureChoiceSchema>;

export const architectureStateSchema = z.object({
  currentId: z.string(),
  /** True from the choice until the new architecture listens. */
  isSwitching: z.boolean(),
  choices: z.array(architectureChoiceSchema),
});
export type ArchitectureState = z.infer<typeof architectureStateSchema>;

export const architectureCommands = [
  /** Goes on with the conversation in another architecture, with what was heard so far. Takes the answer that is being said back to what was heard. */
  z.object({ type: z.literal('set-architecture'), architectureId: z.string() }),
] as const;
