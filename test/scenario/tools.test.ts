import { describe, expect, it } from 'vitest';
import { LlmResponder } from '../../main/cascade/llm-responder.ts';
import { fixedSilence } from '../../main/domain/endpointing/fixed-silence.ts';
import type { Llm, LlmPiece, ToolRequest } from '../../main/ports/llm.ts';
import type { ReplyRequest, RespondOptions } from '../../main/ports/responder.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { ToolRig } from '../fixtures/mcp/tool-rig.ts';
import { Conversation } from './harness.ts';

/** Calls the tool, then says what came out. */
class OneToolLlm implements Llm {
  readonly #tool: string;

  constructor(tool: string) {
    this.#tool = tool;
  }

  async *converse({ messages }: ToolRequest): AsyncIterable<LlmPiece> {
    const last = messages.at(-1)!;
    if (last.role === 'tool') yield { type: 'text', text: `It says ${last.content}.` };
    else yield { type: 'tool-call', call: { id: 'c', name: this.#tool, arguments: '{}' } };
  }

  async *generate(): AsyncIterable<string> {
    yield 'Nothing.';
  }

  supportsTools = () => Promise.resolve(true);
  preload = () => Promise.resolve();
  close = () => Promise.resolve();
}

/** A conversation whose answers are made by a model with tools, all on one clock. */
function conversationWith(tool: string, endpointingMs = 1000) {
  const c = new Conversation({ endpointing: fixedSilence(endpointingMs) });
  const rig = new ToolRig({ clock: c.clock });
  const tools = { box: rig.box, clock: c.clock };
  const responder = new LlmResponder({ llm: new OneToolLlm(tool), logger: new RecordingLogger(), tools });
  c.responder.respond = (request: ReplyRequest, options?: RespondOptions) => responder.respond(request, options);
  return { c, rig };
}

describe('a tool in a conversation', () => {
  it('that changes something waits until the turn is over', async () => {
    const { c, rig } = conversationWith('set_timer');
    const { calls } = rig.add('set_timer');
    await c.speak('set a timer');
    await c.silence(600);
    expect(calls).toEqual([]);
    await c.silence(4000);
    expect(calls).toHaveLength(1);
    expect(c.session.history).toEqual([{ user: 'set a timer', heard: 'It says ran.' }]);
  });

  it('is not run for a turn that turns out to go on', async () => {
    const { c, rig } = conversationWith('set_timer');
    const { calls } = rig.add('set_timer');
    await c.speak('set a timer');
    await c.silence(600);
    await c.speak('no wait what time is it');
    await c.silence(6000);
    expect(calls, 'once, for the whole turn').toHaveLength(1);
  });

  it('that is slow is covered by a filler, which is heard and counted as heard', async () => {
    const { c, rig } = conversationWith('calculate');
    const done = Promise.withResolvers<void>();
    rig.add('calculate', () => done.promise.then(() => ({ text: 'four' })));
    await c.speak('two and two');
    await c.silence(4000);
    expect(c.of('answer-text').at(-1)).toMatchObject({ text: 'One moment.', heardChars: 'One moment.'.length });
    done.resolve();
    await c.silence(4000);
    const whole = 'One moment. It says four.';
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', text: whole, heardChars: whole.length }]);
  });

  it('is interrupted by voice: its work is cancelled, the question in the window is taken back, the next turn is answered', async () => {
    const { c, rig } = conversationWith('web__search');
    rig.add('web__search');
    await c.speak('search for it');
    await c.silence(6000);
    expect(rig.box.approvals.pending).toHaveLength(1);
    expect(c.of('answer-text').at(-1)!.text).toBe('May I use search from web? Please confirm in the window.');
    await c.speak('never mind about that');
    await c.silence(1500);
    expect(rig.record).toEqual(['web__search unanswered cancelled']);
    rig.box.approvals.answer(rig.box.approvals.pending[0]!.id, 'deny');
    await c.silence(12_000);
    expect(c.of('answer-ended').map(({ outcome }) => outcome)).toEqual(['interrupted', 'done']);
  });

  it('that never answers ends in an answer all the same', async () => {
    const { c, rig } = conversationWith('calculate');
    rig.add('calculate', () => new Promise(() => {}));
    await c.speak('two and two');
    await c.silence(30_000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done' }]);
    expect(c.of('answer-ended')[0]!.text).toContain('It says The tool took too long');
  });
});
