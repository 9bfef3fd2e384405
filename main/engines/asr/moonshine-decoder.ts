import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import { type InferenceSession, Tensor } from '../onnx.ts';
import { loopedTail } from './repetition-guard.ts';

export const VOCABULARY_SIZE = 32_768;
const BEGIN = 1;
const END = 2;
const HEADS = 8;
const HEAD_SIZE = 36;

type Feeds = Record<string, Tensor>;

export interface DecodeRequest {
  /** [1, frames, 288] from the encoder. */
  hiddenStates: Tensor;
  /** [1, samples] of ones, as the encoder got it. */
  attentionMask: Tensor;
  /** Tokens that are likely to come out; checked in one pass. */
  draft: readonly number[];
  maxTokens: number;
  signal: AbortSignal | undefined;
}

/** Greedy decoding with a key/value cache: one pass over the draft, then a step of about 4 ms for each token that it did not foresee. */
export class MoonshineDecoder {
  readonly #session: InferenceSession;
  readonly #cacheNames: string[];
  /** Outputs of a cached step. The encoder's part of the cache does not change, so it is not fetched again. */
  readonly #stepOutputs: string[];

  /** Throws `model-corrupt` when the session is some other model. */
  constructor(session: InferenceSession) {
    this.#session = session;
    this.#cacheNames = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
    this.#stepOutputs = ['logits', ...this.#cacheNames.filter((name) => name.includes('.decoder.')).map(presentName)];
    if (this.#cacheNames.length === 0 || !session.inputNames.includes('use_cache_branch')) {
      throw new ParleyError({ code: 'model-corrupt', stage: 'listen', message: 'not a merged Moonshine decoder' });
    }
  }

  /** The tokens of the text, without begin and end. Throws `cancelled`. */
  async decode(request: DecodeRequest): Promise<number[]> {
    const { draft, maxTokens, signal } = request;
    const feeds = this.#firstFeeds(request);
    const first = await this.#session.run(feeds);
    const tokens: number[] = [];
    let next = likeliest(first['logits']!, 0);
    while (tokens.length < draft.length && next === draft[tokens.length]) {
      tokens.push(next);
      next = likeliest(first['logits']!, tokens.length);
    }
    this.#keepCache(feeds, first, tokens.length + 1);
    while (next !== END && tokens.length < maxTokens) {
      tokens.push(next);
      const surplus = loopedTail(tokens);
      if (surplus > 0) return tokens.slice(0, -surplus);
      throwIfAborted(signal, 'listen');
      next = await this.#step(feeds, next);
    }
    return tokens;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  #firstFeeds({ hiddenStates, attentionMask, draft }: DecodeRequest): Feeds {
    const feeds: Feeds = {
      input_ids: idsTensor([BEGIN, ...draft]),
      encoder_hidden_states: hiddenStates,
      encoder_attention_mask: attentionMask,
      use_cache_branch: new Tensor('bool', [false], [1]),
    };
    const empty = new Tensor('float32', new Float32Array(0), [1, HEADS, 0, HEAD_SIZE]);
    for (const name of this.#cacheNames) feeds[name] = empty;
    return feeds;
  }

  /** Turns the feeds of the first pass into those of a cached step, forgetting what the draft had wrong. */
  #keepCache(feeds: Feeds, outputs: Feeds, length: number): void {
    for (const name of this.#cacheNames) {
      const present = outputs[presentName(name)]!;
      feeds[name] = name.includes('.decoder.') ? shorten(present, length) : present;
    }
    feeds['use_cache_branch'] = new Tensor('bool', [true], [1]);
  }

  async #step(feeds: Feeds, token: number): Promise<number> {
    feeds['input_ids'] = idsTensor([token]);
    const outputs = await this.#session.run(feeds, this.#stepOutputs);
    for (const name of this.#cacheNames) feeds[name] = outputs[presentName(name)] ?? feeds[name]!;
    return likeliest(outputs['logits']!, 0);
  }
}

const presentName = (pastName: string): string => pastName.replace('past_key_values', 'present');

function idsTensor(ids: number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
}

/** The first `length` positions of a cache tensor [1, heads, positions, size]. */
function shorten(cache: Tensor, length: number): Tensor {
  const positions = cache.dims[2]!;
  if (positions === length) return cache;
  const data = cache.data as Float32Array;
  const kept = new Float32Array(HEADS * length * HEAD_SIZE);
  for (let head = 0; head < HEADS; head++) {
    const start = head * positions * HEAD_SIZE;
    kept.set(data.subarray(start, start + length * HEAD_SIZE), head * length * HEAD_SIZE);
  }
  return new Tensor('float32', kept, [1, HEADS, length, HEAD_SIZE]);
}

/** Index of the largest logit at a position. */
function likeliest(logits: Tensor, position: number): number {
  const data = logits.data as Float32Array;
  const start = position * VOCABULARY_SIZE;
  let best = start;
  for (let i = start + 1; i < start + VOCABULARY_SIZE; i++) if (data[i]! > data[best]!) best = i;
  return best - start;
}
