import type { TurnTiming } from '../../contract/state.ts';
import type { StageSpan, SuspectStage } from '../../contract/evaluation-turn.ts';

/** Whose work ends with a mark of the timeline. */
const STAGE_OF_MARK: Readonly<Record<string, SuspectStage>> = {
  'first-partial': 'listen',
  anticipated: 'listen',
  'reading-asked': 'listen',
  reading: 'listen',
  endpoint: 'turn-taking',
  'answer-started': 'turn-taking',
  source: 'think',
  'first-token': 'think',
  'first-clause': 'think',
  'first-audio': 'speak',
  queued: 'speak',
  audible: 'audio',
};

/** The time from the user's last sample to the first of the answer, cut at the app's own marks; what the recording has beyond them is the device's. */
export function stagesOf({ marks }: TurnTiming, voiceToVoiceMs: number | null): StageSpan[] {
  const spans: StageSpan[] = [];
  let fromMs = 0;
  for (const { name, atMs } of marks.toSorted((a, b) => a.atMs - b.atMs)) {
    const stage = STAGE_OF_MARK[name];
    if (stage === undefined || atMs <= fromMs) continue;
    spans.push({ stage, mark: name, fromMs, toMs: atMs });
    fromMs = atMs;
  }
  if (voiceToVoiceMs !== null && voiceToVoiceMs > fromMs) {
    spans.push({ stage: 'audio', mark: 'heard', fromMs, toMs: voiceToVoiceMs });
  }
  return spans;
}
