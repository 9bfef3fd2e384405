import { z } from 'zod';
import { serialisedErrorSchema } from './errors.ts';
import { priceSchema } from './evaluation-prices.ts';
import { replacementSchema, reportSchema } from './evaluation-report.ts';

/** Runs have a name that is a folder's name. */
export const runIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

export const evaluationPhaseSchema = z.enum(['preparing', 'measuring', 'reporting']);

/**
 * The run that is under way. While there is one (and while an utterance is recorded) the conversation is paused: the microphone goes nowhere,
 * typed turns are refused with `evaluation-runs`, and `pausedFor` in the app's state is "evaluation".
 */
export const evaluationRunSchema = z.object({
  /** Of the run that it adds to, for a turn that is run again. */
  runId: z.string(),
  title: z.string(),
  kind: z.enum(['suites', 'utterance', 'rerun']),
  architectureIds: z.array(z.string()),
  repeat: z.number(),
  /** Cells (one scenario with one architecture, once), those kept from before included. */
  done: z.number(),
  total: z.number(),
  /** Null between two cells. */
  current: z
    .object({
      suite: z.string(),
      scenario: z.string(),
      /** The scenario's, for people. */
      title: z.string(),
      architectureId: z.string(),
      repetition: z.number(),
      /** Turns that were said. */
      turn: z.number(),
      turns: z.number(),
    })
    .nullable(),
  /** About. */
  leftSeconds: z.number(),
  phase: evaluationPhaseSchema,
  /** It was asked to stop; what has been measured is being put into a report. */
  isStopping: z.boolean(),
});
export type EvaluationRun = z.infer<typeof evaluationRunSchema>;

/** A run in the data folder, newest first. The one under way is not among them. */
export const evaluationEntrySchema = z.object({
  runId: z.string(),
  /** Begun; ISO 8601. Null where that is not known. */
  at: z.string().nullable(),
  title: z.string(),
  /** `folder`: the folder of a `parley bench run --out` that was put among the others. It cannot be resumed here; all else can be done with it. */
  kind: z.enum(['suites', 'utterance', 'folder']),
  architectureIds: z.array(z.string()),
  /** Ids of suites. */
  suites: z.array(z.string()),
  repeat: z.number(),
  /** Cells that were measured, and how many there were to be. */
  done: z.number(),
  total: z.number(),
  /** Not complete: stopped or interrupted; it can be resumed (not a `folder`), and opened when `done` is above 0. */
  isComplete: z.boolean(),
  /** It cannot be read; the rest says little then. It can be removed. */
  failure: serialisedErrorSchema.nullable(),
});
export type EvaluationEntry = z.infer<typeof evaluationEntrySchema>;

export const evaluationSuiteSchema = z.object({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  scenarios: z.array(z.object({ id: z.string(), title: z.string(), turns: z.number() })),
  /** About how long one architecture takes for it, once. */
  seconds: z.number(),
});

/** An utterance is 20 s long at most; recording ends by itself then. */
export const MAX_UTTERANCE_SECONDS = 20;

export const evaluationStateSchema = z.object({
  /** Why nothing can be measured here, in words; null: it can. The lists are empty then. */
  unavailable: z.string().nullable(),
  suites: z.array(evaluationSuiteSchema),
  run: evaluationRunSchema.nullable(),
  runs: z.array(evaluationEntrySchema),
  /** While an utterance is recorded: told twice a second. How loud it is, the `levels` events say. */
  recording: z.object({ seconds: z.number() }).nullable(),
  /** The utterance that was recorded last, cut to its speech. Kept until the next one or the app's end. */
  recorded: z.object({ seconds: z.number(), url: z.string() }).nullable(),
  prices: z.object({
    /** Dated. The user's own, or those that are shipped. */
    prices: z.array(priceSchema),
    /** Where the user's own table is looked for, in the form of main/evaluation/prices.json; read anew by each `watch-evaluation` and each report. */
    file: z.string(),
    isOwn: z.boolean(),
    /** What is wrong with the user's table; the shipped one is used then. */
    problem: z.string().nullable(),
  }),
  /** The last thing that was asked for here and could not be done. */
  failure: serialisedErrorSchema.nullable(),
  /** What has just been done, in a sentence. */
  notice: z.string().nullable(),
});
export type EvaluationState = z.infer<typeof evaluationStateSchema>;

const heardSchema = z.object({ architectureId: z.string(), repetition: z.number().int().positive() });

/** Two answers to the same turn, heard without knowing whose they are. `a` is the one that was played first. */
export const judgementSchema = z.object({
  turnId: z.string(),
  a: heardSchema,
  b: heardSchema,
  preferred: z.enum(['a', 'b', 'neither']),
});
export type Judgement = z.infer<typeof judgementSchema>;

/** Two architectures by the user's ear, `a` before `b` in order of their ids. */
export const preferenceTallySchema = z.object({
  a: z.string(),
  b: z.string(),
  aWins: z.number(),
  bWins: z.number(),
  /** `neither`; left out of the test. */
  ties: z.number(),
  /** Decisions for what was played first: far from half, the order was judged. */
  firstWins: z.number(),
  /** Two-sided exact sign test over the decisions; 1 without any. */
  p: z.number(),
  /** From p = 0.05 on: no difference shown. */
  verdict: z.enum(['A is preferred', 'B is preferred', 'no difference shown']),
});
export type PreferenceTally = z.infer<typeof preferenceTallySchema>;

const architectureIds = z.array(z.string().min(1)).min(1).max(20);
const repeat = z.number().int().min(1).max(50);

/**
 * Commands of the comparison. Each is answered when taken; what comes of it is told by `evaluation` events, and what could not be done by their
 * `failure`. Refused at once with an error: a second run while one is under way (`evaluation-runs`), unknown suites, architectures and
 * runs (`bad-input`).
 */
export const evaluationCommands = [
  /** From now on this window is sent `evaluation` events, one at once. */
  z.object({ type: z.literal('watch-evaluation'), on: z.boolean() }),
  z.object({
    type: z.literal('start-evaluation'),
    /** Ids of suites. */
    suites: z.array(z.string()).min(1).max(100),
    architectureIds,
    repeat,
    /** Spreads the pauses between turns the same way for the same number. */
    seed: z.number().int().min(1).max(1_000_000),
  }),
  /** Goes on with a run that was stopped or interrupted. What was measured is kept as long as engines and scenario are the same. */
  z.object({ type: z.literal('resume-evaluation'), runId: runIdSchema }),
  /** What has been measured stays; the cell under way is lost. */
  z.object({ type: z.literal('stop-evaluation') }),
  /** Records from the microphone of the conversation, whatever its driver. `on: false` ends it, and `recorded` is there; or it is not, and `failure` is
   * `nothing-heard`. Refused with `no-device`, `microphone-muted`, `evaluation-runs`. Ends without a result when this window goes. */
  z.object({ type: z.literal('record-utterance'), on: z.boolean() }),
  /** One utterance to every architecture, from the same samples. A run of its own, of kind `utterance` with one turn, "utterance/utterance/0". */
  z.object({
    type: z.literal('compare-utterance'),
    utterance: z.discriminatedUnion('from', [
      /** What was recorded. `words`: what was said in it, if the user tells; without it there is no word error rate. */
      z.object({ from: z.literal('recording'), words: z.string().trim().min(1).max(1000).nullable() }),
      /** Spoken by the bench's user voice. */
      z.object({ from: z.literal('text'), text: z.string().trim().min(1).max(1000) }),
    ]),
    architectureIds,
    repeat,
  }),
  /** This window is sent an `evaluation-report` now, and again when it changes (a turn was run again, a judgement given), until it opens another. Null: until now. */
  z.object({ type: z.literal('open-evaluation'), runId: runIdSchema.nullable() }),
  /** With its recordings. Not the one under way. */
  z.object({ type: z.literal('remove-evaluation'), runId: runIdSchema }),
  /**
   * Runs a turn again with stages replaced, once each. The scenario is played from its beginning to that turn, so that it hangs together. The
   * result is in `report.reruns`. Refused (`bad-input`) where `replaceableStages` does not name the stage, or its audio is no longer there.
   */
  z.object({
    type: z.literal('rerun-turn'),
    runId: runIdSchema,
    turnId: z.string(),
    architectureId: z.string(),
    repetition: z.number().int().positive(),
    replace: z.array(replacementSchema).min(1).max(2),
  }),
  /** A judgement of the same two answers takes the place of the one before. */
  z.object({ type: z.literal('prefer-answer'), runId: runIdSchema, ...judgementSchema.shape }),
] as const;

export const evaluationEvents = [
  z.object({ type: z.literal('evaluation'), evaluation: evaluationStateSchema }),
  z.object({
    type: z.literal('evaluation-report'),
    runId: z.string(),
    report: reportSchema,
    preferences: z.object({ judgements: z.array(judgementSchema), tallies: z.array(preferenceTallySchema) }),
  }),
] as const;

/**
 * Where the window gets a file of a run: recordings (`turn.audioFile`; left the user, right the agent, both on one clock; Range requests work, so
 * that a player can seek) and `report.html`. The same in the desktop app and in a browser.
 */
export function evaluationFileUrl(runId: string, file: string): string {
  return `/evaluations/${[runId, ...file.split('/')].map(encodeURIComponent).join('/')}`;
}
