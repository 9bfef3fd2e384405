import { describe, expect, it } from 'vitest';
import { LlmResponder } from '../../../main/cascade/llm-responder.ts';
import { promptMessages } from '../../../main/cascade/prompt.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import type { ChatMessage, Llm, LlmPiece, ToolRequest } from '../../../main/ports/llm.ts';
import type { ReplyPiece, RespondOptions } from '../../../main/ports/responder.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { ToolRig } from '../../fixtures/mcp/tool-rig.ts';

const call = (name: string, id = name): LlmPiece => ({ type: 'tool-call', call: { id, name, arguments: '{}' } });
const say = (text: string): LlmPiece => ({ type: 'text', text });

/** Writes and calls as scripted, stretch by stretch. */
class ScriptedToolLlm implements Llm {
  readonly requests: (Omit<ToolRequest, 'messages'> & { messages: ChatMessage[] })[] = [];
  canCall = true;
  refusesTools = false;
  readonly #stretches: (LlmPiece[] | Error)[];

  constructor(...stretches: (LlmPiece[] | Error)[]) {
    this.#stretches = stretches;
  }

  async *converse(request: ToolRequest): AsyncIterable<LlmPiece> {
    if (this.refusesTools) throw new ParleyError({ code: 'endpoint-refused', stage: 'think' });
    this.requests.push({ ...request, messages: [...request.messages] });
    const stretch = this.#stretches.shift() ?? [];
    if (stretch instanceof Error) throw stretch;
    yield* stretch;
  }

  async *generate(): AsyncIterable<string> {
    yield 'Without tools.';
  }

  supportsTools = () => Promise.resolve(this.canCall);
  preload = () => Promise.resolve();
  close = () => Promise.resolve();
}

function answering(llm: Llm, rig: ToolRig, options: RespondOptions = {}) {
  const audio = { pcm: new Float32Array(8), sampleRateHz: 8000 };
  const rendered = { find: (text: string) => Promise.resolve(text === 'One moment.' ? audio : null) };
  const responder = new LlmResponder({
    llm,
    logger: new RecordingLogger(),
    tools: { box: rig.box, clock: rig.clock, rendered },
  });
  const pieces: ReplyPiece[] = [];
  const done = (async () => {
    for await (const piece of responder.respond({ userText: 'q', history: [] }, options)) pieces.push(piece);
  })();
  done.catch(() => {});
  const text = () => pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
  return { pieces, done, text };
}

/** Every clause's place is the place of its words in the text: otherwise what was heard would be counted wrong. */
function clausesFit(pieces: ReplyPiece[], text: string): void {
  let end = 0;
  for (const piece of pieces) {
    if (piece.type !== 'clause') continue;
    expect(piece.clause.startChar).toBeGreaterThanOrEqual(end);
    end = piece.clause.endChar;
    expect(text.slice(piece.clause.startChar, end).trim().toLowerCase()).toBe(piece.clause.text.trim().toLowerCase());
  }
}

describe('an answer with tools', () => {
  it('is told what came out, and speaks', async () => {
    const rig = new ToolRig();
    rig.add('calculate', () => Promise.resolve({ text: 'four' }));
    const llm = new ScriptedToolLlm([say('Let me work it out. '), call('calculate')], [say('It is four.')]);
    const { done, text, pieces } = answering(llm, rig);
    await done;
    expect(text()).toBe('Let me work it out. It is four.');
    clausesFit(pieces, text());
    expect(llm.requests[1]!.messages.slice(-2)).toEqual([
      {
        role: 'assistant',
        content: 'Let me work it out. ',
        toolCalls: [{ id: 'calculate', name: 'calculate', arguments: '{}' }],
      },
      { role: 'tool', toolCallId: 'calculate', content: 'four' },
    ]);
  });

  it('says something after 700 ms of silence, rendered ahead, and once more after 8 s', async () => {
    const rig = new ToolRig();
    const end = Promise.withResolvers<void>();
    rig.add('calculate', () => end.promise.then(() => ({ text: 'four' })));
    const { done, text, pieces } = answering(new ScriptedToolLlm([call('calculate')], [say('Four.')]), rig);
    await rig.clock.advanceAsync(699);
    expect(text()).toBe('');
    await rig.clock.advanceAsync(1);
    expect(text()).toBe('One moment.');
    expect(pieces.at(-1)).toMatchObject({ type: 'clause', audio: { sampleRateHz: 8000 } });
    await rig.clock.advanceAsync(7_300);
    end.resolve();
    await done;
    expect(text()).toBe('One moment. Still working on it. Four.');
    clausesFit(pieces, text());
    expect(rig.clock.pendingCount).toBe(0);
  });

  it('does not fill a silence that nobody hears yet', async () => {
    const rig = new ToolRig();
    rig.add('calculate', () => new Promise(() => {}));
    const released = Promise.withResolvers<void>();
    const abort = new AbortController();
    const { done, text } = answering(new ScriptedToolLlm([call('calculate')]), rig, {
      released: released.promise,
      signal: abort.signal,
    });
    await rig.clock.advanceAsync(5_000);
    expect(text()).toBe('');
    released.resolve();
    await rig.clock.advanceAsync(700);
    expect(text()).toBe('One moment.');
    abort.abort();
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('asks aloud when the window has to be used, and goes on after the click', async () => {
    const rig = new ToolRig();
    rig.add('web__search');
    const { done, text } = answering(new ScriptedToolLlm([call('web__search')], [say('Found it.')]), rig);
    await rig.clock.advanceAsync(3_000);
    expect(text()).toBe('May I use search from web? Please confirm in the window.');
    rig.box.approvals.answer(rig.box.approvals.pending[0]!.id, 'once');
    await done;
    expect(text()).toContain('Found it.');
  });

  it('speaks even when the tool fails, hangs, or the model has nothing to say or fails after it', async () => {
    for (const [tool, after] of [
      [() => Promise.reject(new Error('no')), []],
      [() => new Promise<never>(() => {}), []],
      [() => Promise.resolve({ text: 'ok' }), []],
      [() => Promise.resolve({ text: 'ok' }), new Error('model gone')],
    ] as const) {
      const rig = new ToolRig();
      rig.add('calculate', tool);
      const { done, text } = answering(new ScriptedToolLlm([call('calculate')], after as never), rig);
      await rig.clock.advanceAsync(21_000);
      await done;
      expect(text()).toMatch(/didn't work\.$|just now\.$/);
    }
  });

  it('has four calls, then has to answer', async () => {
    const rig = new ToolRig();
    const { calls } = rig.add('calculate');
    const again = [call('calculate', 'a'), call('calculate', 'b'), call('calculate', 'c')];
    const llm = new ScriptedToolLlm(again, again, [...again, say('Enough.')]);
    const { done, text } = answering(llm, rig);
    await done;
    expect(calls).toHaveLength(4);
    expect(llm.requests.map(({ toolChoice }) => toolChoice)).toEqual(['auto', 'auto', 'none']);
    expect(text()).toBe('Enough.');
  });

  it('takes back what its tools have done when nobody has heard of it, and hands that over when somebody does', async () => {
    for (const isHeard of [false, true]) {
      const rig = new ToolRig();
      let undone = 0;
      rig.add('set_timer', () => Promise.resolve({ text: 'set', undo: () => undone++ }));
      const abort = new AbortController();
      const { done, pieces } = answering(new ScriptedToolLlm([call('set_timer')], [say('Set.')]), rig, {
        signal: abort.signal,
      });
      await done;
      const effect = pieces.find((piece) => piece.type === 'effect')!.effect;
      const undo = isHeard ? effect.apply() : null;
      abort.abort();
      await settle();
      expect(undone).toBe(isHeard ? 0 : 1);
      undo?.();
      expect(undone).toBe(1);
    }
  });

  it('is made without tools for a model that cannot use them, and for a server that refuses them', async () => {
    for (const how of ['cannot', 'refuses']) {
      const rig = new ToolRig();
      rig.add('calculate');
      const llm = new ScriptedToolLlm();
      llm.canCall = how !== 'cannot';
      llm.refusesTools = how === 'refuses';
      const { done, text } = answering(llm, rig);
      await done;
      expect(text()).toBe('Without tools.');
    }
  });
});

it('fillers are not taken for the model’s own words later', () => {
  const heard = 'One moment. Still working on it. It is four.';
  const messages = promptMessages({ history: [{ user: 'q', heard }], userText: 'And?' });
  expect(messages[2]).toEqual({ role: 'assistant', content: 'It is four.' });
});
