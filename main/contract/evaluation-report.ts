import { z } from 'zod';
import { architectureCapabilitiesSchema, architectureKindSchema, type ArchitectureKind } from './architecture.ts';
import { turnResultSchema } from './evaluation-turn.ts';

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const REPORT_VERSION = 1;

const intervalSchema = z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable();
/** A figure and where it would lie in 95% of repetitions, by the bootstrap. */
export type Interval = NonNullable<z.infer<typeof intervalSchema>>;
const statisticsSchema = z.object({
  n: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
});

export const figuresSchema = z.object({
  turns: z.number(),
  passed: z.number(),
  passRate: intervalSchema,
  voiceToVoiceMs: statisticsSchema,
  voiceToVoiceP50: intervalSchema,
  voiceToVoiceP95: intervalSchema,
  responseRate: intervalSchema,
  takeoverRate: intervalSchema,
  cutInRate: intervalSchema,
  interruptions: z.number(),
  yieldRate: intervalSchema,
  toSilenceMs: statisticsSchema,
  backchannels: z.number(),
  selectivity: intervalSchema,
  wordErrorRate: intervalSchema,
  heardTruth: intervalSchema,
  toolAccuracy: intervalSchema,
  unaskedCalls: z.number(),
  llmFreeShare: intervalSchema,
  /** Turns that have not passed, by the stage to look at first. */
  suspects: z.record(z.string(), z.number()),
  minutes: z.object({ connected: z.number(), user: z.number(), agent: z.number() }),
});
export type Figures = z.infer<typeof figuresSchema>;

const costSchema = z.object({
  id: z.string(),
  label: z.string(),
  meter: z.string(),
  perMinute: z.number(),
  currency: z.string(),
  date: z.string(),
  source: z.string(),
  /** How the figure came about. */
  how: z.string(),
});
export type Cost = z.infer<typeof costSchema>;

export const comparisonSchema = z.object({
  measure: z.string(),
  a: z.string(),
  b: z.string(),
  pairs: z.number(),
  /** B − A. */
  meanDifference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  p: z.number(),
  verdict: z.enum(['A is lower', 'B is lower', 'no difference shown']),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const replacedStageSchema = z.enum(['listen', 'think']);
export type ReplacedStage = z.infer<typeof replacedStageSchema>;

/** What one stage gave in one turn instead of its own work. `listen`: these words were understood. `think`: these words were answered. */
export const replacementSchema = z.object({ stage: replacedStageSchema, text: z.string().trim().min(1).max(2000) });
export type Replacement = z.infer<typeof replacementSchema>;

/** Stages that can be replaced in a turn run again: those that are ours. Models with ears and words of their own have none. */
export function replaceableStages(kind: ArchitectureKind | null): readonly ReplacedStage[] {
  switch (kind) {
    case 'cascade':
      return ['listen', 'think'];
    case 'half-cascade':
    case 'loopback':
      return ['think'];
    case 'speech-to-speech':
    case null:
      return [];
    default:
      return kind satisfies never;
  }
}

/**
 * A turn that was run again with stages replaced, to see whose failure it was. The conversation before it was held anew, with nothing replaced.
 * Never counted in any figure.
 */
export const rerunSchema = z.object({
  id: z.string(),
  at: z.string(),
  turnId: z.string(),
  architectureId: z.string(),
  repetition: z.number(),
  replaced: z.array(replacementSchema).min(1),
  /** Null: it could not be run; `error` says why. Its `audioFile` is beside those of the run. */
  turn: turnResultSchema.nullable(),
  error: z.object({ message: z.string(), stage: z.string().nullable() }).nullable(),
});
export type Rerun = z.infer<typeof rerunSchema>;

export const reportSchema = z.object({
  version: z.literal(REPORT_VERSION),
  at: z.string(),
  /** Of the machine, the engines and the options; without these a figure is none. */
  circumstances: z.record(z.string(), z.unknown()),
  /** Stages that were broken on purpose: nothing here is a figure to quote then. */
  faults: z.array(z.string()),
  definitions: z.record(z.string(), z.string()),
  architectures: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      kind: architectureKindSchema.nullable(),
      /** What it said of itself when it was measured: the table of capabilities. Null where that is not known. */
      capabilities: architectureCapabilitiesSchema.nullable().default(null),
      figures: figuresSchema,
      bySuite: z.record(z.string(), figuresSchema),
      cost: z.array(costSchema),
    }),
  ),
  comparisons: z.array(comparisonSchema),
  /** Cells of which nothing could be measured. */
  failures: z.array(
    z.object({
      suite: z.string(),
      scenario: z.string(),
      architectureId: z.string(),
      repetition: z.number(),
      message: z.string(),
      stage: z.string().nullable(),
    }),
  ),
  turns: z.array(turnResultSchema),
  /** Apart from all the others: no figure is made of them. */
  reruns: z.array(rerunSchema).default([]),
  /** Figures of others, with their date and source. Context: measured elsewhere, on other data. */
  published: z.array(z.object({ what: z.string(), figure: z.string(), date: z.string(), source: z.string() })),
});
export type Report = z.infer<typeof reportSchema>;
