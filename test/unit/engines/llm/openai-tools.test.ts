import { describe, expect, test } from 'vitest';
import { OpenAiCompatibleLlm } from '../../../../main/engines/llm/openai-compatible.ts';
import { StreamedToolCalls } from '../../../../main/lib/openai-tools.ts';
import type { LlmPiece, ToolRequest } from '../../../../main/ports/llm.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeOpenAiServer } from '../../../fakes/fake-openai-server.ts';

const request: ToolRequest = {
  messages: [{ role: 'user', content: 'Weather in Oslo?' }],
  tools: [{ name: 'weather', description: 'The weather.', parameters: { type: 'object' } }],
};

/** Chunks as servers send them, by what they do differently. */
const STREAMS: Record<string, Record<string, unknown>[]> = {
  'OpenAI and vLLM, bit by bit': [
    { role: 'assistant', content: null },
    { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"ci' } }] },
    { tool_calls: [{ index: 0, function: { arguments: 'ty":"Oslo"}' } }] },
  ],
  'Ollama, whole, with the text before it': [
    { role: 'assistant', content: 'Let me look.' },
    {
      tool_calls: [
        { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      ],
    },
  ],
  'without a number': [{ tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }] }],
  'with the id repeated': [
    { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'weather', arguments: '{"city"' } }] },
    { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'weather', arguments: ':"Oslo"}' } }] },
  ],
};

async function converse(deltas: Record<string, unknown>[], more: Partial<ToolRequest> = {}) {
  const server = await FakeOpenAiServer.start();
  server.behaviour = { type: 'deltas', deltas };
  const llm = new OpenAiCompatibleLlm({ baseUrl: server.baseUrl, model: 'tiny', clock: new FakeClock() });
  const pieces: LlmPiece[] = [];
  try {
    for await (const piece of llm.converse({ ...request, ...more })) pieces.push(piece);
  } finally {
    await llm.close();
    await server.stop();
  }
  return { pieces, body: server.requests[0]!.body };
}

describe('tool calls of an OpenAI-compatible endpoint', () => {
  test.each(Object.entries(STREAMS))('%s', async (_, deltas) => {
    const { pieces } = await converse(deltas);
    expect(pieces.at(-1)).toEqual({
      type: 'tool-call',
      call: { id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
    });
  });

  test('several at once are kept apart, whether by number or by id alone', () => {
    for (const index of [
      [0, 1],
      [0, 0],
      [undefined, undefined],
    ]) {
      const calls = new StreamedToolCalls();
      calls.push([{ index: index[0]!, id: 'a', function: { name: 'one', arguments: '{}' } }]);
      calls.push([{ index: index[1]!, id: 'b', function: { name: 'two', arguments: '{}' } }]);
      expect(calls.end().map(({ id, name }) => `${id} ${name}`)).toEqual(['a one', 'b two']);
    }
  });

  test('that never end are an error, not a full memory', () => {
    const calls = new StreamedToolCalls();
    const part = { index: 0, id: 'a', function: { name: 'one', arguments: 'x'.repeat(30_000) } };
    expect(() => [1, 2, 3].forEach(() => calls.push([part]))).toThrow('more than a tool call can be');
  });

  test('are asked for with the tools, and told their results', async () => {
    const { body } = await converse([{ content: 'ok' }], {
      messages: [
        ...request.messages,
        { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'weather', arguments: '{}' }] },
        { role: 'tool', content: 'rain', toolCallId: 'c' },
      ],
      toolChoice: 'none',
    });
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
      tool_choice: 'none',
    });
    expect(body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { role: 'tool', content: 'rain', tool_call_id: 'c' },
    ]);
  });
});
