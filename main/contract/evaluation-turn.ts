import { z } from 'zod';

/** What a figure can be blamed on. `turn-taking`: the end of the turn, or who has the floor, was judged wrongly. */
export const suspectStageSchema = z.enum(['listen', 'turn-taking', 'think', 'tool', 'speak', 'audio', 'app']);
export type SuspectStage = z.infer<typeof suspectStageSchema>;

const ms = z.number().nullable();

export const checkSchema = z.object({
  kind: z.enum(['answer', 'within', 'says', 'never-says', 'tools', 'yields', 'goes-on', 'cut-in', 'failure']),
  /** What was asked for, in words. */
  rule: z.string(),
  passed: z.boolean(),
  /** What was found instead. */
  found: z.string(),
});
export type Check = z.infer<typeof checkSchema>;

export const stageSpanSchema = z.object({
  stage: suspectStageSchema,
  /** The mark that ends it. */
  mark: z.string(),
  /** After the user's last speech sample. */
  fromMs: z.number(),
  toMs: z.number(),
});
export type StageSpan = z.infer<typeof stageSpanSchema>;

/** One turn, scored from the recording; `own…` is what the app itself told, as an explanation. */
export const turnResultSchema = z.object({
  /** Suite, scenario and place: the same turn in every architecture and repetition. */
  turnId: z.string(),
  suite: z.string(),
  scenario: z.string(),
  architectureId: z.string(),
  repetition: z.number(),
  index: z.number(),
  as: z.enum(['turn', 'interruption', 'backchannel', 'noise']),
  text: z.string().nullable(),
  /** Where its speech lies on the recording, and where the next turn (or the end) is. */
  fromSeconds: z.number(),
  toSeconds: z.number(),
  untilSeconds: z.number(),
  /** Of the recording, relative to the report's folder. */
  audioFile: z.string(),
  /** The agent should say something now. False for backchannels and noises, and where the scenario says so. */
  answerExpected: z.boolean(),
  /** The agent has taken the floor (TOR): more than under 1 s of sound with at most 3 words. Null: not asked (backchannels, noises). */
  tookFloor: z.boolean().nullable(),
  voiceToVoiceMs: ms,
  cutIns: z.number(),
  soundingAtEnd: z.boolean(),
  answerMs: ms,
  /** Of interruptions into an answer. Null elsewhere. */
  yielded: z.boolean().nullable(),
  toSilenceMs: ms,
  /** Of backchannels and noises into an answer: it went on, and no turn was made of them. Null elsewhere. */
  selective: z.boolean().nullable(),
  /** The agent's words in the recording, by the recogniser. */
  agentWords: z.string(),
  /** What history and transcript say was heard, and what they say was meant. */
  ownHeard: z.string(),
  ownText: z.string(),
  /** What was understood of the user. Null: the architecture does not tell, or the reference is not known. */
  ownUserText: z.string().nullable(),
  wordErrors: z.number().nullable(),
  referenceWords: z.number(),
  /** Words by which `ownHeard` and `agentWords` differ, the recogniser's own errors among them. */
  heardTruthErrors: z.number().nullable(),
  heardTruthWords: z.number(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.unknown(), broke: z.boolean() })),
  /** Expected calls that were made right; calls nobody asked for. */
  toolsRight: z.number(),
  toolsExpected: z.number(),
  toolsUnasked: z.number(),
  stages: z.array(stageSpanSchema),
  answeredBy: z.string().nullable(),
  /** Of the (first) answer, where the run was traced: docs/telemetry.md. */
  traceId: z.string().nullable().optional(),
  checks: z.array(checkSchema),
  passed: z.boolean(),
  /** Of turns that have not passed. */
  suspect: z.object({ stage: suspectStageSchema, why: z.string() }).nullable(),
});
export type TurnResult = z.infer<typeof turnResultSchema>;

/** Which turn of a run: suite, scenario and place; who answered; in which repetition. */
export type TurnAddress = Pick<TurnResult, 'turnId' | 'architectureId' | 'repetition'>;

export function isSameTurn(a: TurnAddress, b: TurnAddress): boolean {
  return a.turnId === b.turnId && a.architectureId === b.architectureId && a.repetition === b.repetition;
}

/** What the user said; in brackets where nobody wrote the words down. */
export function userWords({ text, as }: Pick<TurnResult, 'text' | 'as'>): string {
  return text ?? (as === 'noise' ? '(a sound)' : '(recorded speech)');
}
