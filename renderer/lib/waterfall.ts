import type { AnswerSource, TurnTiming } from '../../main/contract/state.ts';

export type PartKind = 'waiting' | 'hearing' | 'thinking' | 'speaking' | 'device';

/** A stretch between the user's last sound and the first sound of the answer. The parts of a turn follow each other without gap or overlap. */
export interface WaitPart {
  label: string;
  kind: PartKind;
  fromMs: number;
  toMs: number;
  /** Why it took that long, where that can be said. */
  note?: string;
}

/** Work that was done meanwhile, or before; it may overlap anything. Counted from the user's last sound, so what came before is negative. */
export interface WorkBar {
  label: string;
  kind: PartKind;
  fromMs: number;
  toMs: number;
}

export interface Waterfall {
  parts: WaitPart[];
  work: WorkBar[];
  totalMs: number;
  /** Where the drawing begins and ends. */
  fromMs: number;
  toMs: number;
}

const SHAPE_WORDS: Record<string, string> = {
  question: 'a question or request',
  'short-answer': 'a short answer, whole by itself',
  statement: 'a statement, which often goes on',
  dictating: 'numbers or letters being dictated',
  unfinished: 'words that need more to follow',
};
const SOURCE_WORDS: Record<AnswerSource, string> = {
  cache: 'the table of replies',
  skill: 'a skill in code',
  model: 'the language model',
  notice: 'a notice',
};

/** Below this it is a hand-over between two parts of the program. */
const SHORTEST_PAUSE_MS = 20;

/** What a turn's time went to; null where nothing was spoken or heard. */
export function waterfallOf(timing: TurnTiming, answeredBy?: AnswerSource | null): Waterfall | null {
  const totalMs = timing.voiceToVoiceMs;
  if (totalMs === null) return null;
  const marks = new Map(timing.marks.map(({ name, atMs }) => [name, atMs]));
  const parts = waitParts({ marks, totalMs, end: timing.end, answeredBy: answeredBy ?? null });
  const work = workBars(marks);
  const fromMs = Math.min(0, ...work.map((bar) => bar.fromMs));
  const toMs = Math.max(totalMs, ...work.map((bar) => bar.toMs));
  return { parts, work, totalMs, fromMs, toMs };
}

/** Each mark ends the part that began where the one before ended; what was done before the turn was over is no wait of its own. */
function waitParts(turn: {
  marks: ReadonlyMap<string, number>;
  totalMs: number;
  end: TurnTiming['end'];
  answeredBy: AnswerSource | null;
}): WaitPart[] {
  const { marks, totalMs } = turn;
  const parts: WaitPart[] = [];
  let atMs = 0;
  const until = (mark: string, part: Pick<WaitPart, 'label' | 'kind' | 'note'>): void => {
    const markMs = marks.get(mark);
    if (markMs === undefined) return;
    const toMs = Math.min(markMs, totalMs);
    if (toMs <= atMs) return;
    parts.push({ ...part, fromMs: atMs, toMs });
    atMs = toMs;
  };
  const endMs = marks.get('endpoint');
  // After a reading that came too late for it, the turn had been over already.
  if (endMs === undefined || (marks.get('reading-asked') ?? 0) <= endMs)
    until('reading-asked', { label: 'Silence is noticed', kind: 'hearing' });
  if (endMs === undefined || (marks.get('reading') ?? 0) <= endMs)
    until('reading', { label: 'The words are read', kind: 'hearing' });
  const reason = endReason(turn.end);
  until('endpoint', { label: 'Waiting for more words', kind: 'waiting', ...(reason ? { note: reason } : {}) });
  until('answer-started', { label: 'The answer is begun', kind: 'thinking' });
  const source = turn.answeredBy ? { note: SOURCE_WORDS[turn.answeredBy] } : {};
  until('source', { label: 'Finding who answers', kind: 'thinking', ...source });
  until('first-token', { label: "The model's first word", kind: 'thinking' });
  until('first-clause', { label: 'The first clause is complete', kind: 'thinking' });
  until('first-audio', { label: 'The voice makes its first sound', kind: 'speaking' });
  const pauseMs = Math.min(marks.get('queued') ?? 0, totalMs) - atMs;
  until('queued', {
    label: pauseMs > SHORTEST_PAUSE_MS ? 'A natural pause' : 'Handed to the loudspeaker',
    kind: 'waiting',
  });
  until('audible', { label: 'The loudspeaker begins', kind: 'device' });
  return parts;
}

function endReason(end: TurnTiming['end']): string | undefined {
  if (!end) return undefined;
  const shape = SHAPE_WORDS[end.shape] ?? end.shape;
  const { completeProbability } = end;
  if (end.policy !== 'semantic') return `a fixed silence (${end.policy})`;
  if (completeProbability === null) return shape;
  const sounds = completeProbability >= 0.5 ? 'sounds complete' : 'sounds unfinished';
  return `${shape}; ${sounds}: ${completeProbability.toFixed(2)}`;
}

/** From one mark to another, where both are known. */
const WORK: readonly { label: string; kind: PartKind; from: string; to: readonly string[] }[] = [
  { label: 'Words recognised as you speak', kind: 'hearing', from: 'first-partial', to: ['reading-asked', 'endpoint'] },
  { label: 'Words so far read by the model', kind: 'thinking', from: 'anticipated', to: ['answer-started'] },
  { label: 'Final words and their melody', kind: 'hearing', from: 'reading-asked', to: ['reading'] },
  { label: 'Model until its first word', kind: 'thinking', from: 'answer-started', to: ['first-token'] },
  { label: 'First clause written', kind: 'thinking', from: 'answer-started', to: ['first-clause'] },
  { label: 'First sound of the voice', kind: 'speaking', from: 'first-clause', to: ['first-audio'] },
  { label: 'Ready, and held for the end of your turn', kind: 'waiting', from: 'first-audio', to: ['queued'] },
  { label: 'Loudspeaker', kind: 'device', from: 'queued', to: ['audible'] },
];

function workBars(marks: ReadonlyMap<string, number>): WorkBar[] {
  const bars: WorkBar[] = [];
  for (const { label, kind, from, to } of WORK) {
    const fromMs = marks.get(from);
    const toMs = to.map((name) => marks.get(name)).find((ms) => ms !== undefined);
    if (fromMs === undefined || toMs === undefined || toMs < fromMs) continue;
    bars.push({ label, kind, fromMs, toMs });
  }
  return bars.sort((a, b) => a.fromMs - b.fromMs);
}
