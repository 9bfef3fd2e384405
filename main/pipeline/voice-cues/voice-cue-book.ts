import type { TranscriptLine } from '../../contract/state.ts';
import type { CueUse, VoiceCue } from '../../contract/voice-cues.ts';
import { judgedClaims } from '../../domain/voice-cues/claims.ts';
import { judgeVoice, whyUnclear } from '../../domain/voice-cues/judge-voice.ts';
import { SpeakerBaseline, type BaselineTurn } from '../../domain/voice-cues/speaker-baseline.ts';
import { FULL_SAMPLE_SECONDS } from '../../domain/voice-cues/speaker-likeness.ts';
import { vectorOf, type VoiceModelWeights } from '../../domain/voice-cues/voice-model.ts';
import type { CueSource, VoiceClaim, VoiceMeasures } from '../../ports/voice-cues.ts';

interface HeardTurn {
  utteranceId: number | undefined;
  text: string;
  cue: VoiceCue;
  /** What it adds to the baseline; null when it must not: it may be somebody else, or no voice. */
  adds: BaselineTurn | null;
}

/** Turns whose cue is remembered for their answers; a conversation has one that counts, the one before may still be spoken. */
const MAX_USES = 8;

/** How the user's turns sounded, against a baseline of the microphone in use that grows with every finished turn. */
export class VoiceCueBook implements CueSource {
  readonly #weights: VoiceModelWeights;
  readonly #onBaseline: (deviceId: string, baseline: SpeakerBaseline) => void;
  readonly #baselines = new Map<string, SpeakerBaseline>();
  #deviceId = '';
  #latest: HeardTurn | null = null;
  /** Shown with a line already: later changes of that line keep it. */
  readonly #turns = new Map<string, HeardTurn>();
  readonly #uses = new Map<string, CueUse>();
  readonly #turnTexts = new Map<string, string>();
  /** The last finished turn: it joins the baseline when something else is heard, so that it is never judged against itself. */
  #finished: { lineId: string; adds: BaselineTurn | null } | null = null;

  constructor(options: { weights: VoiceModelWeights; onBaseline(deviceId: string, baseline: SpeakerBaseline): void }) {
    this.#weights = options.weights;
    this.#onBaseline = (deviceId, baseline) => options.onBaseline(deviceId, baseline);
  }

  get baseline(): SpeakerBaseline {
    return this.#baselines.get(this.#deviceId) ?? new SpeakerBaseline(this.#weights);
  }

  /** Turns in the baseline, the finished one included. */
  get baselineTurns(): number {
    return this.baseline.turns.length + (this.#finished?.adds ? 1 : 0);
  }

  useDevice(deviceId: string): void {
    if (deviceId === this.#deviceId) return;
    this.#addFinished();
    this.#deviceId = deviceId;
    this.#latest = null;
  }

  restore(deviceId: string, turns: readonly BaselineTurn[]): void {
    this.#baselines.set(deviceId, new SpeakerBaseline(this.#weights, turns));
  }

  forget(): void {
    this.#baselines.clear();
    this.#finished = null;
    this.#latest = null;
  }

  /** An utterance was read, perhaps not to its end. */
  heard(heard: { utteranceId?: number; text: string; voice: VoiceMeasures | null }): void {
    const { utteranceId, text, voice } = heard;
    this.#addFinished();
    const { baseline } = this;
    const cue = judgeVoice(this.#weights, { heard: voice, baseline, text });
    const reason = whyUnclear(this.#weights, voice, baseline);
    const isOwn = reason === null || reason === 'baseline';
    const adds = voice && isOwn ? this.#asTurn(voice) : null;
    this.#latest = { utteranceId, text, cue, adds };
  }

  /** Another engine says what it heard in an utterance: beside its cue from now on. The line that shows it, or null when there is none (yet). */
  claimed(utteranceId: number, claim: VoiceClaim): string | null {
    const isOf = (turn: HeardTurn) => turn.utteranceId === utteranceId;
    // The last one: utterances are counted anew in every session.
    const shown = [...this.#turns].findLast(([, turn]) => isOf(turn));
    const turns = new Set([shown?.[1], this.#latest].filter((turn) => turn != null && isOf(turn)));
    for (const turn of turns) {
      turn!.cue = { ...turn!.cue, claims: [...turn!.cue.claims, ...judgedClaims([claim], turn!.cue.word)] };
    }
    return shown?.[0] ?? null;
  }

  #asTurn({ features, speaker }: VoiceMeasures): BaselineTurn {
    const turn = { vector: vectorOf(this.#weights, features), levelDb: features.levelDb };
    return speaker?.seconds === FULL_SAMPLE_SECONDS ? { ...turn, speaker: speaker.vector } : turn;
  }

  cueFor(userText: string): VoiceCue | null {
    return this.#turnOf(userText)?.cue ?? null;
  }

  used(userText: string, use: CueUse): void {
    this.#uses.delete(userText);
    this.#uses.set(userText, use);
    if (this.#uses.size > MAX_USES) this.#uses.delete(this.#uses.keys().next().value!);
  }

  /** The line with what is known of its voice: a user's with its cue, an answer's with what the cue did to it. */
  describe<Line extends TranscriptLine>(line: Line): Line {
    if (line.role === 'agent') {
      const use = this.#uses.get(this.#turnTexts.get(line.turnId) ?? '');
      return use && line.answeredBy !== 'notice' ? { ...line, voiceUse: use } : line;
    }
    if (line.source !== 'voice' || line.status !== 'final') return line;
    // A hosted model writes down other words than the ears of this machine, which measured the voice.
    const text = line.recognisedLocally ?? line.text;
    const turn = this.#turnOf(text);
    if (turn && this.#turnTexts.get(line.turnId) !== text) this.#finish({ ...line, text }, turn);
    const cue = this.#turns.get(line.id)?.cue;
    return cue ? { ...line, voice: cue } : line;
  }

  #finish(line: TranscriptLine, turn: HeardTurn): void {
    if (this.#finished && this.#finished.lineId !== line.id) this.#addFinished();
    this.#finished = { lineId: line.id, adds: turn.adds };
    this.#turns.set(line.id, turn);
    this.#turnTexts.set(line.turnId, line.text);
    for (const map of [this.#turns, this.#turnTexts]) if (map.size > MAX_USES) map.delete(map.keys().next().value!);
  }

  #addFinished(): void {
    const adds = this.#finished?.adds;
    this.#finished = null;
    if (!adds) return;
    const baseline = this.baseline.with(adds);
    this.#baselines.set(this.#deviceId, baseline);
    this.#onBaseline(this.#deviceId, baseline);
  }

  /** The latest reading, if the text ends with it: a turn may have more than one utterance, and may have lost a word it was called by. */
  #turnOf(userText: string): HeardTurn | null {
    const turn = this.#latest;
    if (!turn || turn.text === '' || userText === '') return null;
    return userText.endsWith(turn.text) || turn.text.endsWith(userText) ? turn : null;
  }
}
