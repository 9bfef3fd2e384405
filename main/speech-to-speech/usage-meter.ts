import type { AnswerUsage, RemoteUsageState } from '../contract/speech-to-speech.ts';
import type { Clock } from '../ports/clock.ts';
import type { RemoteUsage } from './remote-voice.ts';

/** Of the table of prices, what is read here; in US dollars. */
export interface UsagePrice {
  date: string;
  meter:
    | { type: 'tokens'; inPerMillion: number; cachedPerMillion: number; outPerMillion: number }
    | { type: 'connected-minute'; perMinute: number }
    | { type: 'component' };
}

export interface UsageMeterOptions {
  architectureId: string;
  price: UsagePrice | null;
  clock: Clock;
}

/** Answers whose context is shown: enough to see it grow. */
const SHOWN_ANSWERS = 30;
const NOTHING: AnswerUsage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

/** What one session has cost so far, counted as the provider counts. */
export class UsageMeter {
  readonly #options: UsageMeterOptions;
  readonly #openedAtMs: number;
  #totals = NOTHING;
  #answers: AnswerUsage[] = [];

  constructor(options: UsageMeterOptions) {
    this.#options = options;
    this.#openedAtMs = options.clock.nowMs();
  }

  /** Of one answer. */
  add(usage: RemoteUsage): AnswerUsage {
    const answer = {
      inputTokens: (usage.inputAudioTokens ?? 0) + (usage.inputTextTokens ?? 0),
      cachedTokens: usage.cachedTokens ?? 0,
      outputTokens: (usage.outputAudioTokens ?? 0) + (usage.outputTextTokens ?? 0),
    };
    this.#totals = {
      inputTokens: this.#totals.inputTokens + answer.inputTokens,
      cachedTokens: this.#totals.cachedTokens + answer.cachedTokens,
      outputTokens: this.#totals.outputTokens + answer.outputTokens,
    };
    this.#answers = [...this.#answers, answer].slice(-SHOWN_ANSWERS);
    return answer;
  }

  get state(): RemoteUsageState {
    const { architectureId, clock } = this.#options;
    const connectedMs = clock.nowMs() - this.#openedAtMs;
    return {
      architectureId,
      connectedMs,
      totals: this.#totals,
      answers: this.#answers,
      cost: this.#cost(connectedMs),
    };
  }

  /** Words at the price of sound: the table has no other, so a token meter errs on the dear side. */
  #cost(connectedMs: number): RemoteUsageState['cost'] {
    const { price } = this.#options;
    if (!price || price.meter.type === 'component') return null;
    const { meter, date: priceDate } = price;
    if (meter.type === 'connected-minute') {
      return { usd: (connectedMs / 60_000) * meter.perMinute, meter: meter.type, priceDate };
    }
    const { inputTokens, cachedTokens, outputTokens } = this.#totals;
    const fresh = Math.max(0, inputTokens - cachedTokens);
    const millionths =
      fresh * meter.inPerMillion + cachedTokens * meter.cachedPerMillion + outputTokens * meter.outPerMillion;
    return { usd: millionths / 1_000_000, meter: meter.type, priceDate };
  }
}
