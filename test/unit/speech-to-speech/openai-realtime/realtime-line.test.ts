import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { expect, test } from 'vitest';
import type { LineEvent } from '../../../../main/speech-to-speech/connection/line.ts';
import type { VendorSocket } from '../../../../main/speech-to-speech/connection/vendor-socket.ts';
import { RealtimeLine } from '../../../../main/speech-to-speech/openai-realtime/realtime-line.ts';

function open() {
  const events: LineEvent[] = [];
  const sent: { type: string; [field: string]: unknown }[] = [];
  const left: number[] = [];
  const line = new RealtimeLine({
    listener: {
      onEvent: (event) => void events.push(event),
      onAlive() {},
      onLeaveSoon: (withinMs) => void left.push(withinMs),
      onLost() {},
    },
    label: 'Test',
    detector: 'server_vad',
    turnTaking: 'provider',
    onClose() {},
  });
  line.speakThrough({ send: (event: (typeof sent)[number]) => void sent.push(event) } as unknown as VendorSocket);
  const hears = (type: string, fields: object = {}): void =>
    line.onMessage({ type, event_id: 'e', ...fields } as unknown as RealtimeServerEvent);
  const begins = (id: string): void => hears('response.created', { response: { id } });
  const ends = (id: string, status = 'completed'): void => hears('response.done', { response: { id, status } });
  const speaks = (response_id: string, item_id: string, ms: number): void =>
    hears('response.output_audio.delta', {
      response_id,
      item_id,
      delta: Buffer.alloc(ms * 48).toString('base64'),
    });
  const types = (): string[] => sent.splice(0).map(({ type }) => type);
  return { line, events, sent, left, hears, begins, ends, speaks, types };
}

test('nothing is cancelled that is not being made: what was heard of it is all that is told', () => {
  const { line, sent, begins, ends, speaks } = open();
  begins('r1');
  speaks('r1', 'i1', 500);
  ends('r1');
  line.cancelAnswer({ answerId: 'r1', heardMs: 320.9, heardText: '', isOver: true });
  expect(sent).toEqual([{ type: 'conversation.item.truncate', item_id: 'i1', content_index: 0, audio_end_ms: 320 }]);
});

test('an answer is never said to have been heard further than it came', () => {
  const { line, sent, begins, speaks } = open();
  begins('r1');
  speaks('r1', 'i1', 500);
  speaks('r1', 'i2', 300);
  line.cancelAnswer({ answerId: 'r1', heardMs: 600, heardText: '', isOver: false });
  expect(sent).toEqual([
    { type: 'response.cancel', response_id: 'r1' },
    { type: 'conversation.item.truncate', item_id: 'i2', content_index: 0, audio_end_ms: 100 },
  ]);
  sent.length = 0;
  begins('r2');
  speaks('r2', 'i3', 500);
  line.cancelAnswer({ answerId: 'r2', heardMs: 9000, heardText: '', isOver: false });
  expect(sent).toEqual([{ type: 'response.cancel', response_id: 'r2' }]);
});

test('an answer of which nothing was heard is deleted', () => {
  const { line, sent, begins, speaks } = open();
  begins('r1');
  speaks('r1', 'i1', 500);
  line.cancelAnswer({ answerId: 'r1', heardMs: 0.4, heardText: '', isOver: false });
  expect(sent[1]).toEqual({ type: 'conversation.item.delete', item_id: 'i1' });
});

test('a response is asked for when the one before is over, once', () => {
  const { line, types, begins, ends } = open();
  line.sendText('One');
  expect(types()).toEqual(['conversation.item.create', 'response.create']);
  line.sendText('Two');
  begins('r1');
  line.sendText('Three');
  expect(types()).toEqual(['conversation.item.create', 'conversation.item.create']);
  ends('r1');
  expect(types()).toEqual(['response.create']);
});

test('the results of all calls are there before the answer is asked for', () => {
  const { line, types, hears, begins, ends } = open();
  begins('r1');
  for (const call_id of ['c1', 'c2']) {
    const item = { type: 'function_call', call_id, name: 'weather', arguments: '{}', status: 'completed' };
    hears('response.output_item.done', { item });
  }
  line.sendToolResult({ callId: 'c1', name: 'weather', output: 'Rain.', failed: false });
  ends('r1');
  expect(types()).toEqual(['conversation.item.create']);
  line.sendToolResult({ callId: 'c2', name: 'weather', output: 'Sun.', failed: false });
  expect(types()).toEqual(['conversation.item.create', 'response.create']);
});

test('a response that only calls a tool is no answer; one that fails is, with its reason', () => {
  const { events, begins, ends, hears } = open();
  begins('r1');
  ends('r1');
  expect(events).toEqual([]);
  begins('r2');
  hears('response.done', {
    response: { id: 'r2', status: 'failed', status_details: { error: { code: 'insufficient_quota' } } },
  });
  expect(events.map(({ type }) => type)).toEqual(['answer-started', 'answer-done']);
  expect(events[1]).toMatchObject({ status: 'failed', error: { code: 'endpoint-refused' } });
});

test('a refusal of what was asked for lets the next wish through, and a race that was lost is no problem', () => {
  const { line, types, events, hears } = open();
  line.sendText('One');
  types();
  hears('error', { error: { type: 'invalid_request_error', code: 'conversation_already_has_active_response' } });
  hears('error', { error: { type: 'invalid_request_error', code: 'response_cancel_not_active' } });
  expect(events).toEqual([]);
  line.sendText('Two');
  expect(types()).toEqual(['conversation.item.create', 'response.create']);
});

test('limits that are used up are a problem, those that are not are none', () => {
  const { events, hears } = open();
  hears('rate_limits.updated', { rate_limits: [{ name: 'tokens', remaining: 10 }] });
  expect(events).toEqual([]);
  hears('rate_limits.updated', { rate_limits: [{ name: 'tokens', remaining: 0 }] });
  expect(events).toMatchObject([{ type: 'problem', error: { code: 'endpoint-rate-limited' } }]);
});

test('too little sound for a turn is no turn', () => {
  const { line, types, events } = open();
  line.beginTurn();
  line.sendAudio(Buffer.alloc(50 * 48));
  types();
  line.endTurn();
  expect(types()).toEqual([]);
  expect(events).toMatchObject([{ type: 'user-text', text: '', final: true }]);
});

test('a session whose time is over is left when nobody is in the midst of something', () => {
  const { line, left, hears, begins, ends } = open();
  hears('input_audio_buffer.speech_started', { item_id: 'i1' });
  line.leaveSoon();
  hears('input_audio_buffer.speech_stopped', { item_id: 'i1' });
  begins('r1');
  expect(left).toEqual([]);
  ends('r1');
  expect(left).toHaveLength(1);
});

test('what was taken for speech and is taken back is a turn without words', () => {
  const { events, hears } = open();
  hears('input_audio_buffer.speech_started', { item_id: 'i1' });
  hears('conversation.item.deleted', { item_id: 'i1' });
  hears('conversation.item.deleted', { item_id: 'an-answer' });
  expect(events.slice(1)).toEqual([{ type: 'user-text', itemId: 'i1', text: '', final: true }]);
});

test('the usage of every response is told by the provider’s meter', () => {
  const { events, hears } = open();
  const usage = {
    input_token_details: { audio_tokens: 80, cached_tokens: 64 },
    output_token_details: { text_tokens: 5 },
  };
  hears('response.done', { response: { id: 'r1', status: 'completed', usage } });
  expect(events).toEqual([{ type: 'usage', usage: { inputAudioTokens: 80, cachedTokens: 64, outputTextTokens: 5 } }]);
});
