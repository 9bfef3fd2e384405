import type { Report } from '../../../main/contract/evaluation-report.ts';
import type { TurnResult } from '../../../main/contract/evaluation-turn.ts';

/** Something said, on the recording's clock. */
export interface Segment {
  side: 'user' | 'agent';
  fromSeconds: number;
  toSeconds: number;
  text: string;
  turn: TurnResult;
}

/** One scenario with one architecture, once: a recording and what was said on it. */
export interface Session {
  architectureId: string;
  repetition: number;
  audioFile: string;
  seconds: number;
  turns: TurnResult[];
  segments: Segment[];
}

export interface Conversation {
  /** `suite/scenario` */
  id: string;
  suite: string;
  scenario: string;
  turns: number;
  failed: number;
  sessions: Session[];
}

/** All recordings, the same scenario side by side, in the order of the report's architectures. */
export function conversationsOf({ turns, architectures }: Pick<Report, 'turns' | 'architectures'>): Conversation[] {
  const order = architectures.map(({ id }) => id);
  const byScenario = Map.groupBy(turns, ({ suite, scenario }) => `${suite}/${scenario}`);
  return [...byScenario].map(([id, some]) => ({
    id,
    suite: some[0]!.suite,
    scenario: some[0]!.scenario,
    turns: some.length,
    failed: some.filter(({ passed }) => !passed).length,
    sessions: [...Map.groupBy(some, ({ audioFile }) => audioFile).values()]
      .map(sessionOf)
      .toSorted(
        (a, b) => a.repetition - b.repetition || order.indexOf(a.architectureId) - order.indexOf(b.architectureId),
      ),
  }));
}

function sessionOf(turns: TurnResult[]): Session {
  const ordered = turns.toSorted((a, b) => a.index - b.index);
  const { architectureId, repetition, audioFile } = ordered[0]!;
  const segments = ordered.flatMap(segmentsOf).toSorted((a, b) => a.fromSeconds - b.fromSeconds);
  const seconds = Math.max(0, ...ordered.map(({ untilSeconds }) => untilSeconds));
  return { architectureId, repetition, audioFile, seconds, turns: ordered, segments };
}

/** What the user said, and the answer: from its first sound, which is voice to voice after the user's last. */
export function segmentsOf(turn: TurnResult): Segment[] {
  const { fromSeconds, toSeconds, untilSeconds, text, as, voiceToVoiceMs, answerMs, agentWords } = turn;
  const user: Segment = { side: 'user', fromSeconds, toSeconds, text: text ?? `(${as})`, turn };
  if (agentWords === '' && answerMs === null) return [user];
  const from = toSeconds + Math.max(0, voiceToVoiceMs ?? 0) / 1000;
  const to = Math.min(
    Math.max(untilSeconds, from),
    from + (answerMs ?? 1000 * Math.max(0, untilSeconds - from)) / 1000,
  );
  return [
    user,
    { side: 'agent', fromSeconds: from, toSeconds: to, text: agentWords || '(no words found in it)', turn },
  ];
}

/** The same turn in every architecture and repetition, to be heard beside each other. */
export function sameTurns(turns: readonly TurnResult[], turn: TurnResult): TurnResult[] {
  return turns.filter(({ turnId }) => turnId === turn.turnId);
}

/** Names one turn of a report among all others. */
export function turnKey({ turnId, architectureId, repetition }: TurnResult): string {
  return `${turnId} ${architectureId} ${repetition}`;
}

/** Beyond this a turn is long silence: the runner waits up to 8 s for an answer that does not come. */
const LONGEST_TURN_SECONDS = 30;
const LEAD_SECONDS = 0.3;

/** What of the recording is heard for one turn: from shortly before it until the next one begins. */
export function turnStretch({ fromSeconds, untilSeconds }: TurnResult): { fromSeconds: number; toSeconds: number } {
  const from = Math.max(0, fromSeconds - LEAD_SECONDS);
  return { fromSeconds: from, toSeconds: Math.min(untilSeconds, from + LONGEST_TURN_SECONDS) };
}

/** When the answer sounds, after the user's last sound; null without one. */
export function answerOffset({ voiceToVoiceMs, answerMs }: TurnResult): { fromMs: number; toMs: number } | null {
  if (voiceToVoiceMs === null || answerMs === null) return null;
  const fromMs = Math.max(0, voiceToVoiceMs);
  return { fromMs, toMs: fromMs + answerMs };
}
