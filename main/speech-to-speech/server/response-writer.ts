import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';

/** Without `event_id`, which the connection gives. */
export type ServerEvent = RealtimeServerEvent extends infer Event
  ? Event extends { event_id: string }
    ? Omit<Event, 'event_id'>
    : Event
  : never;

type Status = 'completed' | 'cancelled' | 'failed';

/** One response of the protocol: its events come well-formed and in order, whatever the caller's order. */
export class ResponseWriter {
  readonly responseId: string;
  /** Of the assistant's message. */
  readonly itemId: string;
  readonly #send: (event: ServerEvent) => void;
  #transcript = '';
  #hasMessage = false;
  #functionCalls: { id: string; callId: string; name: string; arguments: string }[] = [];
  #isDone = false;

  constructor(options: { responseId: string; itemId: string; send: (event: ServerEvent) => void }) {
    this.responseId = options.responseId;
    this.itemId = options.itemId;
    this.#send = options.send;
    this.#send({ type: 'response.created', response: this.#response('in_progress') });
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** The whole text so far; what is new of it goes out. */
  text(text: string): void {
    const delta = text.slice(this.#transcript.length);
    if (this.#isDone || delta === '') return;
    this.#beginMessage();
    this.#transcript = text;
    this.#send({ type: 'response.output_audio_transcript.delta', delta, ...this.#place() });
  }

  audio(pcm16: Buffer): void {
    if (this.#isDone) return;
    this.#beginMessage();
    this.#send({ type: 'response.output_audio.delta', delta: pcm16.toString('base64'), ...this.#place() });
  }

  functionCall(call: { id: string; callId: string; name: string; arguments: string }): void {
    if (this.#isDone) return;
    const output_index = this.#functionCalls.length + (this.#hasMessage ? 1 : 0);
    this.#functionCalls.push(call);
    const place = { response_id: this.responseId, item_id: call.id, output_index };
    const item = functionCallItem(call, 'in_progress');
    this.#send({ type: 'response.output_item.added', response_id: this.responseId, output_index, item });
    this.#send({ type: 'conversation.item.added', item, previous_item_id: null });
    this.#send({
      type: 'response.function_call_arguments.delta',
      delta: call.arguments,
      call_id: call.callId,
      ...place,
    });
    this.#send({
      type: 'response.function_call_arguments.done',
      arguments: call.arguments,
      name: call.name,
      call_id: call.callId,
      ...place,
    });
    const done = functionCallItem(call, 'completed');
    this.#send({ type: 'response.output_item.done', response_id: this.responseId, output_index, item: done });
    this.#send({ type: 'conversation.item.done', item: done, previous_item_id: null });
  }

  /** Safe twice. `errorCode`: why it failed. */
  done(status: Status, errorCode?: string): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.#hasMessage) this.#endMessage(status);
    const status_details = {
      type: status,
      ...(status === 'cancelled' ? { reason: 'turn_detected' as const } : {}),
      ...(errorCode === undefined ? {} : { error: { type: 'server_error', code: errorCode } }),
    };
    this.#send({ type: 'response.done', response: { ...this.#response(status), status_details } });
  }

  #beginMessage(): void {
    if (this.#hasMessage) return;
    this.#hasMessage = true;
    const item = this.#message('in_progress');
    const { output_index } = this.#place();
    this.#send({ type: 'response.output_item.added', response_id: this.responseId, output_index, item });
    this.#send({ type: 'conversation.item.added', item, previous_item_id: null });
    this.#send({ type: 'response.content_part.added', part: { type: 'audio', transcript: '' }, ...this.#place() });
  }

  #endMessage(status: Status): void {
    const place = this.#place();
    const transcript = this.#transcript;
    const item = this.#message(status === 'completed' ? 'completed' : 'incomplete');
    this.#send({ type: 'response.output_audio.done', ...place });
    this.#send({ type: 'response.output_audio_transcript.done', transcript, ...place });
    this.#send({ type: 'response.content_part.done', part: { type: 'audio', transcript }, ...place });
    this.#send({
      type: 'response.output_item.done',
      response_id: this.responseId,
      output_index: place.output_index,
      item,
    });
    this.#send({ type: 'conversation.item.done', item, previous_item_id: null });
  }

  #place(): { response_id: string; item_id: string; output_index: number; content_index: number } {
    return { response_id: this.responseId, item_id: this.itemId, output_index: 0, content_index: 0 };
  }

  #message(status: 'in_progress' | 'completed' | 'incomplete') {
    return {
      id: this.itemId,
      object: 'realtime.item' as const,
      type: 'message' as const,
      role: 'assistant' as const,
      status,
      content: status === 'in_progress' ? [] : [{ type: 'output_audio' as const, transcript: this.#transcript }],
    };
  }

  #response(status: Status | 'in_progress') {
    const items = [
      ...(this.#hasMessage && status !== 'in_progress'
        ? [this.#message(status === 'completed' ? 'completed' : 'incomplete')]
        : []),
      ...this.#functionCalls.map((call) => functionCallItem(call, 'completed')),
    ];
    return {
      id: this.responseId,
      object: 'realtime.response' as const,
      status,
      output: status === 'in_progress' ? [] : items,
      output_modalities: ['audio' as const],
    };
  }
}

function functionCallItem(
  call: { id: string; callId: string; name: string; arguments: string },
  status: 'in_progress' | 'completed',
) {
  return {
    id: call.id,
    object: 'realtime.item' as const,
    type: 'function_call' as const,
    call_id: call.callId,
    name: call.name,
    arguments: call.arguments,
    status,
  };
}
