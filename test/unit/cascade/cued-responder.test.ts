import { describe, expect, it } from 'vitest';
import type { CueUse, VoiceCue } from '../../../main/contract/voice-cues.ts';
import { CuedResponder } from '../../../main/cascade/cued-responder.ts';
import { promptMessages } from '../../../main/cascade/prompt.ts';
import { ReplyCache } from '../../../main/cascade/reply-cache/reply-cache.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../../../main/ports/responder.ts';

const tense: VoiceCue = {
  word: 'tense',
  reason: null,
  arousal: { value: 0.95, halfWidth: 0.2 },
  valence: { value: 0.2, halfWidth: 0.4 },
  evidence: [],
  baselineTurns: 9,
  words: null,
  disagreement: null,
  claims: [],
};

function rig({
  cue = tense as VoiceCue | null,
  adapting = true,
  prompt = true,
  source = 'model' as 'model' | 'cache',
} = {}) {
  const asked: ReplyRequest[] = [];
  const paces: number[] = [];
  const uses: CueUse[] = [];
  const cache = new ReplyCache();
  const responder: Responder = {
    async *respond(request): AsyncGenerator<ReplyPiece> {
      asked.push(request);
      const text = source === 'cache' ? cache.tryRespond(request)!.text : 'An answer.';
      yield { type: 'source', source };
      yield { type: 'text', text };
      yield { type: 'clause', clause: { text, startChar: 0, endChar: text.length } };
    },
    anticipate: () => {},
  };
  const cued = new CuedResponder({
    responder,
    cues: { cueFor: () => cue },
    voice: { setAnswerPace: (pace) => paces.push(pace) },
    cache,
    allows: () => ({ adapting, prompt }),
    onUse: (_, use) => uses.push(use),
  });
  return { asked, paces, uses, cued, cache };
}

async function texts(pieces: AsyncIterable<ReplyPiece>): Promise<string> {
  let all = '';
  for await (const piece of pieces) if (piece.type === 'text') all += piece.text;
  return all;
}

describe('CuedResponder', () => {
  it('tells the model in one line behind the words, and says that it did', async () => {
    const { asked, uses, cued } = rig();
    await texts(cued.respond({ history: [], userText: 'Where is it?' }));
    expect(promptMessages(asked[0]!).at(-1)!.content).toBe('Where is it? [voice: sounds tense]');
    expect(uses.at(-1)).toEqual({ promptLine: '[voice: sounds tense]', choseAnswer: false, pace: 0.94 });
  });

  it('chooses the shortest prepared answer for a tense voice, and knows whether that changed anything', async () => {
    const userText = 'thank you';
    const { uses, cued, cache } = rig({ source: 'cache', prompt: false });
    const usual = new Set(
      Array.from({ length: 4 }, (_, turn) => {
        const history = Array.from({ length: turn }, () => ({ user: 'x', heard: 'y' }));
        return cache.tryRespond({ history, userText })!.text;
      }),
    );
    const shortest = Math.min(...[...usual].map((text) => text.length));
    expect((await texts(cued.respond({ history: [], userText }))).length).toBeLessThanOrEqual(shortest);
    expect(uses.at(-1)!.promptLine).toBeNull();
    const plain = cache.tryRespond({ history: [], userText })!.text;
    expect(uses.at(-1)!.choseAnswer).toBe(plain.length > shortest);
  });

  it('changes nothing without a cue or without leave', async () => {
    for (const options of [{ cue: null }, { adapting: false, prompt: false }]) {
      const { asked, paces, uses, cued } = rig(options);
      await texts(cued.respond({ history: [], userText: 'Where is it?' }));
      expect(asked[0]!.voice).toBeUndefined();
      expect(paces).toEqual([1]);
      expect(uses).toEqual([]);
    }
  });
});
