import type { CueUse } from '../contract/voice-cues.ts';
import { paceFor } from '../domain/voice-cues/adaptation.ts';
import { promptLine } from '../domain/voice-cues/prompt-line.ts';
import type { ReplyPiece, ReplyRequest, RespondOptions, Responder } from '../ports/responder.ts';
import type { CueSource } from '../ports/voice-cues.ts';
import type { ReadyStage } from './responder-chain.ts';
import type { PacedVoice } from './voice-pace.ts';

export interface CuedResponderOptions {
  responder: Responder;
  cues: CueSource;
  voice: Pick<PacedVoice, 'setAnswerPace'>;
  /** Asked again without the cue, to know whether it made a difference. */
  cache: ReadyStage;
  /** What the user allows now. */
  allows(): { adapting: boolean; prompt: boolean };
  /** Once for every answer to a turn that has a cue, when it is known what it did. */
  onUse(userText: string, use: CueUse): void;
}

/** Lets answers follow how the user sounds: what the model is told, which prepared answer is chosen, and the pace. */
export class CuedResponder implements Responder {
  readonly #options: CuedResponderOptions;

  constructor(options: CuedResponderOptions) {
    this.#options = options;
  }

  async *respond(request: ReplyRequest, options?: RespondOptions): AsyncIterable<ReplyPiece> {
    const { responder, voice, cues, allows, onUse } = this.#options;
    const cue = cues.cueFor(request.userText);
    const { adapting, prompt } = allows();
    const line = prompt ? promptLine(cue) : null;
    const pace = adapting ? paceFor(cue) : 1;
    voice.setAnswerPace(pace);
    if (!cue || (!adapting && line === null)) return yield* responder.respond(request, options);
    const use: CueUse = { promptLine: null, choseAnswer: false, pace: 1 };
    const cued: ReplyRequest = {
      ...request,
      voice: { cue: adapting ? cue : { ...cue, word: 'unclear' }, promptLine: line },
    };
    let source: string | null = null;
    for await (const piece of responder.respond(cued, options)) {
      if (piece.type === 'source') source = piece.source;
      if (piece.type === 'source' && piece.source === 'model') use.promptLine = line;
      if (piece.type === 'text' && source === 'cache') use.choseAnswer ||= this.#isChosen(request, cued);
      // Audio that was rendered ahead has the usual pace: answering at once is worth more.
      if (piece.type === 'clause' && !piece.audio) use.pace = pace;
      if (piece.type === 'clause') onUse(request.userText, { ...use });
      yield piece;
    }
  }

  anticipate(request: ReplyRequest): void {
    this.#options.responder.anticipate(request);
  }

  #isChosen(plain: ReplyRequest, cued: ReplyRequest): boolean {
    const { cache } = this.#options;
    return cache.tryRespond(plain)?.text !== cache.tryRespond(cued)?.text;
  }
}
