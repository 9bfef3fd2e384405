import type { AgentLine, UserLine } from '../../contract/state.ts';
import { spokenWords, wordErrors } from '../../lib/word-error-rate.ts';
import type { CellRecord } from '../run/cell.ts';
import type { SeenToolCall } from '../run/subject.ts';
import type { TurnKind } from '../scenario/scenario.ts';
import type { Wire } from '../sound/sound.ts';
import { saysPhrase } from './phrases.ts';
import { heardTruth, stretchesOf, type Stretch } from './heard-truth.ts';
import { scoreSession, type ClipScore, type PlacedClip } from './score-session.ts';
import { scoreTools } from './score-tools.ts';
import { stagesOf } from './stages.ts';
import { suspectStage } from './suspect-stage.ts';
import type { Check, TurnResult } from '../../contract/evaluation-turn.ts';

/** Later is late where the scenario says nothing: what EVA's curve gives no full marks for. */
const LATE_MS = 2000;
const LATE_WITH_TOOLS_MS = 3000;
/** An answer of less and of at most so many words has not taken the floor. */
const FLOOR_MS = 1000;
const FLOOR_WORDS = 3;
const CLIP_KIND = { turn: 'turn', interruption: 'barge', backchannel: 'hold', noise: 'hold' } as const satisfies Record<
  TurnKind,
  PlacedClip['kind']
>;

/** Every turn of a cell, from its recording. A cell without turns (it failed) gives none. */
export function scoreCell(record: CellRecord, loudspeaker: Wire, audioFile: string): TurnResult[] {
  const clips = record.turns.map((place, i) => {
    const { as } = record.scenario.turns[i]!;
    return { id: String(i), kind: CLIP_KIND[as], startSample: place.startSample, endSample: place.endSample };
  });
  const scenes = clips.map((_, index) => {
    const untilSample = clips[index + 1]?.startSample ?? loudspeaker.samples.length;
    return new Scene({ record, index, untilSample, sampleRateHz: loudspeaker.sampleRateHz });
  });
  const scores = scoreSession({ loudspeaker, clips });
  const stretches = stretchesOf(
    scenes.map(({ ownHeard, agentWords }, i) => ({ ownHeard, agentWords, isIntoAnswer: scores[i]!.wasSounding })),
  );
  return scores.map((score, i) => {
    const stretch = stretches[i]!;
    return scoreTurn(scenes[i]!, { score, stretch, isFirst: stretches.indexOf(stretch) === i, audioFile });
  });
}

/** What belongs to one turn: from its first sample to the next turn's. */
class Scene {
  readonly record: CellRecord;
  readonly index: number;
  readonly untilSample: number;
  readonly sampleRateHz: number;

  constructor(parts: { record: CellRecord; index: number; untilSample: number; sampleRateHz: number }) {
    this.record = parts.record;
    this.index = parts.index;
    this.untilSample = parts.untilSample;
    this.sampleRateHz = parts.sampleRateHz;
  }

  get turn() {
    return this.record.scenario.turns[this.index]!;
  }

  get place() {
    return this.record.turns[this.index]!;
  }

  holds = (at: number): boolean => at >= this.place.startSample && at < this.untilSample;

  /** Of segments that begin in the turn: what was begun before belongs to the turn before. */
  get agentWords(): string {
    const { heard } = this.record;
    return heard.filter(({ fromSample }) => this.holds(fromSample)).map(({ text }) => text).join(' ').trim(); // prettier-ignore
  }

  /** The answers of the turn as they were in the end. */
  get answers(): AgentLine[] {
    const { lines } = this.record.account;
    const last = new Map<string, AgentLine>();
    const first = new Map<string, number>();
    for (const { atMs, line } of lines) {
      if (line.role !== 'agent') continue;
      last.set(line.id, line);
      // Answers are begun before the turn is over; they belong where they are first heard, or told of.
      if (!first.has(line.id) || (line.heardChars > 0 && !this.#wasHeardBefore(line.id, atMs)))
        first.set(line.id, atMs);
    }
    return [...last.values()].filter(({ id }) => this.holds(first.get(id)!));
  }

  get ownHeard(): string {
    return this.answers.map(({ text, heardChars }) => text.slice(0, heardChars)).join(' ').trim(); // prettier-ignore
  }

  #wasHeardBefore(id: string, at: number): boolean {
    const { lines } = this.record.account;
    return lines.some(({ atMs, line }) => atMs < at && line.role === 'agent' && line.id === id && line.heardChars > 0);
  }

  /** Final words of all that was taken for the user's turns. */
  get userTexts(): string[] {
    const finals = this.record.account.lines.flatMap(({ atMs, line }): UserLine[] =>
      line.role === 'user' && line.source === 'voice' && line.status === 'final' && this.holds(atMs) ? [line] : [],
    );
    return [...new Map(finals.map((line) => [line.id, line.text])).values()];
  }

  /** Some architectures never say what they have understood. */
  get tellsUserText(): boolean {
    return this.record.account.lines.some(({ line }) => line.role === 'user');
  }

  get toolCalls(): SeenToolCall[] {
    return this.record.account.toolCalls.filter(({ at }) => this.holds(at));
  }
}

function scoreTurn(
  scene: Scene,
  facts: { score: ClipScore; stretch: Stretch; isFirst: boolean; audioFile: string },
): TurnResult {
  const { record, turn, place, index, sampleRateHz } = scene;
  const { agentWords, answers, ownHeard, toolCalls, userTexts } = scene;
  const { score, stretch, isFirst, audioFile } = facts;
  const sound = soundFigures(score, agentWords);
  const timing = answers.find((line) => line.timing !== null)?.timing ?? null;
  // A listener's "mm-hm" is rightly no turn, and nothing then says what was understood of it.
  const isTurn = score.kind !== 'hold';
  const understood = understoodWords(isTurn ? place.text : null, scene.tellsUserText ? userTexts : null);
  const truth = isFirst ? heardTruth(stretch) : null;
  const tools = scoreTools(turn, toolCalls);
  const selective =
    score.kind === 'hold' && score.wasSounding ? score.outcome !== 'stopped' && userTexts.length === 0 : null;
  const failures = record.account.failures.filter(({ at }) => scene.holds(at)).map(({ error }) => error);
  const checks = checksOf({ scene, score, agentWords, sound, selective });
  if (tools.check) checks.push(tools.check);
  for (const { code, stage } of failures) checks.push({ kind: 'failure', rule: 'nothing fails', passed: false, found: `${code} (${stage})` }); // prettier-ignore
  const { check: _, ...toolFigures } = tools;
  const result = {
    turnId: `${record.suite}/${record.scenario.id}/${index}`,
    suite: record.suite,
    scenario: record.scenario.id,
    architectureId: record.architectureId,
    repetition: record.repetition,
    index,
    as: turn.as,
    text: place.text,
    fromSeconds: place.startSample / sampleRateHz,
    toSeconds: place.endSample / sampleRateHz,
    untilSeconds: scene.untilSample / sampleRateHz,
    audioFile,
    answerExpected: score.kind !== 'hold' && (turn.expect.answer ?? true),
    ...sound,
    selective,
    agentWords,
    ownHeard,
    ownText: answers.map(({ text }) => text).join(' ').trim(), // prettier-ignore
    ...understood,
    heardTruthErrors: truth?.errors ?? null,
    heardTruthWords: truth?.referenceWords ?? 0,
    toolCalls: toolCalls.map(({ name, arguments: args, broke }) => ({ name, arguments: args, broke })),
    ...toolFigures,
    stages: timing ? stagesOf(timing, sound.voiceToVoiceMs) : [],
    answeredBy: answers.find(({ answeredBy }) => answeredBy)?.answeredBy ?? null,
    traceId: answers.map(({ id }) => record.account.traces?.[id]).find((trace) => trace !== undefined) ?? null,
    checks,
    passed: checks.every(({ passed }) => passed),
  };
  return { ...result, suspect: suspectStage(result, { failures, stretch }) };
}

function soundFigures(score: ClipScore, agentWords: string) {
  const none = { voiceToVoiceMs: null, cutIns: 0, soundingAtEnd: false, answerMs: null, yielded: null };
  if (score.kind === 'hold') return { ...none, tookFloor: null, toSilenceMs: score.toSilenceMs };
  const { answerMs, voiceToVoiceMs } = score;
  const isShort = answerMs !== null && answerMs < FLOOR_MS && spokenWords(agentWords).length <= FLOOR_WORDS;
  const common = { ...none, tookFloor: score.answered && !isShort, voiceToVoiceMs, answerMs };
  if (score.kind === 'turn') {
    return { ...common, cutIns: score.cutInsMs.length, soundingAtEnd: score.soundingAtEnd, toSilenceMs: null };
  }
  return {
    ...common,
    yielded: score.wasSounding ? score.yielded : null,
    toSilenceMs: score.wasSounding ? score.toSilenceMs : null,
  };
}

function understoodWords(reference: string | null, userTexts: readonly string[] | null) {
  const ownUserText = userTexts?.join(' ') ?? null;
  if (reference === null || ownUserText === null) return { ownUserText, wordErrors: null, referenceWords: 0 };
  const { errors, referenceWords } = wordErrors(withoutFillers(reference), withoutFillers(ownUserText));
  return { ownUserText, wordErrors: errors, referenceWords };
}

/** Recognisers write them in as many ways as there are, or leave them out. */
function withoutFillers(text: string): string {
  return text.replaceAll(/\b(um+|uh+|uhm|er|erm|hmm+)\b/giu, '');
}

function checksOf(facts: {
  scene: Scene;
  score: ClipScore;
  agentWords: string;
  sound: ReturnType<typeof soundFigures>;
  selective: boolean | null;
}): Check[] {
  const { scene, score, agentWords, sound, selective } = facts;
  const { expect, as } = scene.turn;
  const checks: Check[] = [];
  const add = (kind: Check['kind'], rule: string, passed: boolean, found: string): void =>
    void checks.push({ kind, rule, passed, found });
  if (score.kind === 'hold') {
    if (selective !== null) add('goes-on', `goes on under the ${as}`, selective, score.outcome);
  } else {
    const wanted = expect.answer ?? true;
    // What it says at all counts, however short: "Yes." answers a question.
    const found =
      sound.answerMs === null && !sound.soundingAtEnd ? 'silence' : `${Math.round(sound.answerMs ?? 0)} ms of sound`;
    add(
      'answer',
      wanted ? 'answers' : 'does not take the floor',
      wanted ? found !== 'silence' : !sound.tookFloor,
      found,
    );
    const lateMs = expect.within_ms ?? (Array.isArray(expect.tools) ? LATE_WITH_TOOLS_MS : LATE_MS);
    const v2v = sound.voiceToVoiceMs;
    if (wanted && v2v !== null) add('within', `within ${lateMs} ms`, v2v <= lateMs, `${Math.round(v2v)} ms`);
    if (score.kind === 'turn') add('cut-in', 'lets the user finish', sound.cutIns === 0, `${sound.cutIns} cut-ins`);
    else if (score.wasSounding) add('yields', 'is silent within 2 s', score.yielded, msWords(score.toSilenceMs));
  }
  for (const phrase of expect.says) add('says', `says ${phrase}`, saysPhrase(agentWords, phrase), agentWords);
  for (const phrase of expect.never_says)
    add('never-says', `never says ${phrase}`, !saysPhrase(agentWords, phrase), agentWords);
  return checks;
}

const msWords = (ms: number | null): string => (ms === null ? 'no sound' : `silent after ${Math.round(ms)} ms`);
