import { Temporal } from 'temporal-polyfill';
import type { ReplyRequest } from '../../ports/responder.ts';
import type { WallClock } from '../../ports/wall-clock.ts';
import type { ReadyAnswer, ReadyStage } from '../responder-chain.ts';
import { readUtterance } from '../utterance/utterance.ts';
import type { Skill, SkillAnswer, SkillRequest } from './skill.ts';

/** What is longer is a story, not a wish. */
const MAX_CHARS = 240;
const MAX_OPEN_QUESTIONS = 16;

/** The skills as stages of the chain: `followUps` for answers to their own questions, which come before everything else, and the rest. */
export class SkillSet implements ReadyStage {
  readonly source = 'skill';
  readonly followUps: ReadyStage = { source: 'skill', tryRespond: (request) => this.#followUp(request) };
  readonly #skills: readonly Skill[];
  readonly #wallClock: WallClock;
  /**
   * Who waits for the answer to a question, by its words. Whether it was really asked, the history knows: answers are prepared and dropped,
   * but only what was heard is in it.
   */
  readonly #questions = new Map<string, { name: string; answer: NonNullable<SkillAnswer['followUp']> }>();

  constructor(options: { skills: readonly Skill[]; wallClock: WallClock }) {
    this.#skills = options.skills;
    this.#wallClock = options.wallClock;
  }

  /** For rendering ahead. */
  get sentences(): string[] {
    return this.#skills.flatMap(({ sentences = [] }) => sentences);
  }

  tryRespond(request: ReplyRequest): ReadyAnswer | null {
    const understood = this.#understand(request);
    if (!understood) return null;
    for (const skill of this.#skills) {
      const answer = skill.answer(understood);
      if (answer) return this.#ready(skill.name, answer);
    }
    return null;
  }

  #followUp(request: ReplyRequest): ReadyAnswer | null {
    const question = this.#questions.get(request.history.at(-1)?.heard.trim() ?? '');
    const understood = question && this.#understand(request);
    const answer = understood && question.answer(understood);
    return answer ? this.#ready(question.name, answer) : null;
  }

  #ready(name: string, { text, effect, followUp }: SkillAnswer): ReadyAnswer {
    if (followUp) {
      this.#questions.delete(text);
      this.#questions.set(text, { name, answer: followUp });
      if (this.#questions.size > MAX_OPEN_QUESTIONS) this.#questions.delete(this.#questions.keys().next().value!);
    }
    return { name, text, ...(effect ? { effect } : {}) };
  }

  #understand({ userText, history }: ReplyRequest): SkillRequest | null {
    if (userText.length > MAX_CHARS) return null;
    const now = Temporal.Instant.fromEpochMilliseconds(this.#wallClock.epochMs());
    return { ...readUtterance(userText), history, now: now.toZonedDateTimeISO(this.#wallClock.timeZone()) };
  }
}
