import type { MeasureName } from '../options.ts';

/** What each figure means; printed with it and written beside it. docs/benchmarks.md says more. */
export const DEFINITIONS: Readonly<Record<MeasureName, string>> = {
  cold: 'start of the process → "Parley is listening"; models on disk, disk cache warm; a first start with an empty cache folder, then later ones',
  idle: 'user and system CPU time of each process (/proc) over the span, as a share of one core; RSS counts shared pages in every process; a window is connected',
  v2v: 'last speech sample of the clip (first and last 10 ms frame above −45 dB of its peak) → first loudspeaker sample above −50 dBFS that begins 50 ms of sound; cut-in: the agent starts, after 200 ms of silence, inside the clip; CPU time from the start of the clip to 2 s after the answer',
  partials:
    'first speech sample of the clip → first words received by a window; final text from the last speech sample; clocks joined by the recording, good to a few ms',
  barge:
    'first speech sample of the interruption → end of the last loudspeaker sound before 1 s of silence; yielded: within 2 s; said 1.5 s into an answer',
  hold: 'kept: not silent for 1 s within 3 s of the onset; resumed: silent, and sounds again within 4 s; else stopped; said 1.5 s into an answer',
  cascade:
    'voice to voice as above, by who answered (own account); ratio: its median / that of a naive cascade of the same engines on the same clips (1.5 s of silence, the model for every turn, each stage waits for the whole of the one before); LLM-free share: of 200 everyday utterances as text',
};
