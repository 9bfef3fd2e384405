import type { StageSpan, SuspectStage } from '../../../main/contract/evaluation-turn.ts';
import type { PartKind } from '../waterfall.ts';
import { markLabel } from '../timing-words.ts';

/** Stages as a reader would say them, in the order of a turn. */
export const STAGE_WORDS: Record<SuspectStage, string> = {
  listen: 'Listening',
  'turn-taking': 'Turn-taking',
  think: 'Thinking',
  tool: 'Tools',
  speak: 'Speaking',
  audio: 'Sound device',
  app: 'The app itself',
};

/** The waterfall's colours, the same as in the Talk view. */
export const STAGE_KIND: Record<SuspectStage, PartKind> = {
  listen: 'hearing',
  'turn-taking': 'waiting',
  think: 'thinking',
  tool: 'thinking',
  speak: 'speaking',
  audio: 'device',
  app: 'waiting',
};

/** The stage that the time until a mark belongs to, by the names of the field. */
const MARK_STAGES: Record<string, string> = {
  'first-partial': 'Recognition so far',
  anticipated: 'Recognition so far',
  'reading-asked': 'VAD: the pause is noticed',
  reading: 'ASR: the words are read',
  endpoint: 'Endpoint: the turn is found to be over',
  'answer-started': 'The answer is begun',
  source: 'Finding who answers',
  'first-token': 'LLM: its first token',
  'first-clause': 'LLM: its first clause',
  'first-audio': 'TTS: its first audio',
  queued: 'Handed to the loudspeaker',
  audible: 'Device: sound goes out',
  heard: 'Device: until it is heard in the recording',
};

export interface StageRow {
  mark: string;
  label: string;
  kind: PartKind;
  fromMs: number;
  toMs: number;
}

export function stageRows(stages: readonly StageSpan[]): StageRow[] {
  return stages.map(({ stage, mark, fromMs, toMs }) => ({
    mark,
    label: MARK_STAGES[mark] ?? `${STAGE_WORDS[stage]}: ${markLabel(mark).toLowerCase()}`,
    kind: STAGE_KIND[stage],
    fromMs,
    toMs,
  }));
}

/** Stages by the names of the field, in the order of a turn: what the medians of an architecture are given for. */
export const WATERFALL_STAGES = ['VAD', 'ASR', 'Endpoint', 'LLM', 'TTS', 'Device', 'Rest'] as const;
export type WaterfallStage = (typeof WATERFALL_STAGES)[number];

const STAGE_OF: Record<string, WaterfallStage> = {
  'first-partial': 'ASR',
  anticipated: 'ASR',
  'reading-asked': 'VAD',
  reading: 'ASR',
  endpoint: 'Endpoint',
  source: 'LLM',
  'first-token': 'LLM',
  'first-clause': 'LLM',
  'first-audio': 'TTS',
  queued: 'TTS',
  audible: 'Device',
  heard: 'Device',
};

export const WATERFALL_KIND: Record<WaterfallStage, PartKind> = {
  VAD: 'hearing',
  ASR: 'hearing',
  Endpoint: 'waiting',
  LLM: 'thinking',
  TTS: 'speaking',
  Device: 'device',
  Rest: 'waiting',
};

export interface StageShare {
  stage: WaterfallStage;
  meanMs: number;
}

/** Mean time of each stage over turns that have marks. Means, not medians: they add up to the mean of the whole. Empty: no turn has marks. */
export function meanStages(turns: readonly { stages: readonly StageSpan[] }[]): StageShare[] {
  const marked = turns.filter(({ stages }) => stages.length > 0);
  if (marked.length === 0) return [];
  const sums = new Map<WaterfallStage, number>();
  for (const { stages } of marked) {
    for (const { mark, fromMs, toMs } of stages) {
      const stage = STAGE_OF[mark] ?? 'Rest';
      sums.set(stage, (sums.get(stage) ?? 0) + toMs - fromMs);
    }
  }
  return WATERFALL_STAGES.flatMap((stage) => {
    const sum = sums.get(stage);
    return sum === undefined ? [] : [{ stage, meanMs: sum / marked.length }];
  });
}

/** The shares one after the other, as a bar. */
export function stacked(shares: readonly StageShare[]): { fromMs: number; toMs: number; kind: PartKind }[] {
  let atMs = 0;
  return shares.map(({ stage, meanMs }) => {
    const fromMs = atMs;
    atMs += meanMs;
    return { fromMs, toMs: atMs, kind: WATERFALL_KIND[stage] };
  });
}
