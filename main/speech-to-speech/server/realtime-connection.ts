import { ParleyError } from '../../contract/errors.ts';
import { fromPcm16 } from '../../lib/pcm16.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OpenResampler, Resampler } from '../../ports/resampler.ts';
import type { PastExchange } from '../../ports/responder.ts';
import type { ToolBox, ToolCall } from '../../ports/tool.ts';
import type { VoiceArchitecture, VoiceEvent, VoiceSession } from '../../ports/voice-architecture.ts';
import { clientEventSchema, type ClientEvent, type ClientItem, type SessionUpdate } from './client-events.ts';
import { ClientTools } from './client-tools.ts';
import { PacedOutput, WIRE_RATE_HZ } from './paced-output.ts';
import { ResponseWriter, type ServerEvent } from './response-writer.ts';

const CAPTURE_RATE_HZ = 16_000;
const FRAME_SAMPLES = 160;

/** What a client has asked for before the conversation begins; later changes of tools and instructions hold from the next answer on. */
export interface ServedSession {
  instructions(): string | undefined;
  tools: ToolBox;
}

export interface RealtimeConnectionOptions {
  /** Asked once, when the conversation begins. */
  architectureFor(session: ServedSession): VoiceArchitecture;
  /** What `session.model` says. */
  modelName: string;
  clock: Clock;
  openResampler: OpenResampler;
  newId(): string;
  /** One JSON message to the client. */
  send(json: string): void;
  /** The conversation cannot go on; the socket is to be closed. */
  onFailed(error: ParleyError): void;
}

interface UserItem {
  itemId: string;
  isCommitted: boolean;
}

interface Answer {
  answerNumber: number;
  writer: ResponseWriter | null;
  /** Written so far, for when the next response of the same answer begins (after a tool). */
  writtenChars: number;
  text: string;
  isOver: boolean;
}

/**
 * One client of our Realtime endpoint: its events become a VoiceSession's calls, the session's events the protocol's. Which architecture
 * answers is no business of this file. Differences from the vendor's own server: docs/speech-to-speech.md.
 */
export class RealtimeConnection {
  readonly #options: RealtimeConnectionOptions;
  readonly #tools: ClientTools;
  readonly #output: PacedOutput;
  readonly #userItems = new Map<number, UserItem>();
  readonly #answers = new Map<number, Answer>();
  /** Of items that a client may still name. */
  readonly #answerOfItem = new Map<string, number>();
  readonly #history: PastExchange[] = [];
  readonly #typed: string[] = [];
  #session: VoiceSession | null = null;
  #opening: Promise<VoiceSession | null> | null = null;
  #resampler: Resampler | null = null;
  #pending = new Float32Array(0);
  #capturedSamples = 0;
  #isManual = false;
  #isHolding = false;
  #instructions: string | undefined;
  /** Heard to begin before there are words for it. */
  #openItem: string | null = null;
  /** With manual turns nothing is said before `response.create`. */
  #isAsked = true;
  #held: (() => void)[] = [];
  #isClosed = false;

  constructor(options: RealtimeConnectionOptions) {
    this.#options = options;
    this.#tools = new ClientTools({
      clock: options.clock,
      onCall: (call) => this.#whenAsked(() => this.#onToolCall(call)),
    });
    this.#output = new PacedOutput({
      clock: options.clock,
      openResampler: options.openResampler,
      send: (answerNumber, pcm16) => this.#writer(answerNumber)?.audio(pcm16),
      onSent: () => {},
      onPlayback: (progress) => this.#session?.playback(progress),
    });
    this.#send({ type: 'session.created', session: this.#shown() });
  }

  /** Never throws: what is wrong with a message is told to the client. */
  receive(json: string): void {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      return this.#refuse({ code: 'invalid_json', message: 'The message is no JSON.' });
    }
    const event_id = (value as { event_id?: string } | null)?.event_id ?? null;
    const parsed = clientEventSchema.safeParse(value);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      const where = path.join('.');
      return this.#refuse({ code: 'invalid_event', message: `${where}: ${message}`, param: where, event_id });
    }
    this.#handle(parsed.data).catch((cause: unknown) => this.#onFailure(ParleyError.from(cause, 'app')));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tools.close();
    const session = this.#session ?? (await this.#opening?.catch(() => null));
    await session?.close();
    this.#output.close();
    this.#resampler?.close();
  }

  async #handle(event: ClientEvent): Promise<void> {
    switch (event.type) {
      case 'session.update':
        return this.#update(event.session, event.event_id);
      case 'input_audio_buffer.append':
        return this.#append(event.audio);
      case 'input_audio_buffer.commit':
        return this.#commit(event.event_id);
      case 'input_audio_buffer.clear':
        return this.#clear();
      case 'conversation.item.create':
        return this.#create(event.item, event.event_id);
      case 'conversation.item.retrieve':
        return this.#refuse({ code: 'item_not_found', message: 'Items are not kept here.', event_id: event.event_id });
      case 'conversation.item.delete':
        return this.#send({ type: 'conversation.item.deleted', item_id: event.item_id });
      case 'conversation.item.truncate':
        return this.#truncate(event);
      case 'response.create':
        return this.#respond(event.event_id);
      case 'response.cancel':
        return this.#cancel(event.event_id);
      default:
        event satisfies never;
    }
  }

  #update(update: SessionUpdate, event_id: string | undefined): void {
    const formats = [update.audio?.input?.format, update.audio?.output?.format];
    const bad = formats.find(
      (format) => format && (format.type !== 'audio/pcm' || (format.rate ?? WIRE_RATE_HZ) !== WIRE_RATE_HZ),
    );
    if (bad) {
      return this.#refuse({
        code: 'invalid_value',
        message: 'Only audio/pcm at 24000 Hz is spoken here.',
        param: 'session.audio',
        event_id,
      });
    }
    if (update.output_modalities && !update.output_modalities.includes('audio')) {
      return this.#refuse({
        code: 'invalid_value',
        message: 'Answers are always spoken here.',
        param: 'session.output_modalities',
        event_id,
      });
    }
    if (update.instructions !== undefined) this.#instructions = update.instructions;
    if (update.tools) {
      this.#tools.set(
        update.tools
          .filter(({ type, name }) => type === 'function' && name)
          .map(({ name, description, parameters }) => ({
            name: name!,
            description: description ?? '',
            parameters: parameters ?? { type: 'object', properties: {} },
          })),
      );
    }
    const detection = update.audio?.input?.turn_detection;
    if (detection !== undefined) this.#setManual(detection === null);
    this.#send({ type: 'session.updated', session: this.#shown() });
  }

  #setManual(isManual: boolean): void {
    this.#isManual = isManual;
    this.#setAsked(!isManual);
    this.#session?.setInputMode(isManual ? 'push-to-talk' : 'hands-free');
  }

  async #append(base64: string): Promise<void> {
    const session = await this.#ready();
    if (!session) return;
    if (this.#isManual && !this.#isHolding) {
      this.#isHolding = true;
      session.pushToTalk(true);
    }
    this.#resampler ??= await this.#options.openResampler({ inputRateHz: WIRE_RATE_HZ, outputRateHz: CAPTURE_RATE_HZ });
    const samples = this.#resampler.process(fromPcm16(Buffer.from(base64, 'base64')));
    const all = new Float32Array(this.#pending.length + samples.length);
    all.set(this.#pending);
    all.set(samples, this.#pending.length);
    const frames = Math.floor(all.length / FRAME_SAMPLES);
    this.#pending = all.slice(frames * FRAME_SAMPLES);
    const pushed = Array.from({ length: frames }, (_, i) => ({
      startSample: this.#capturedSamples + i * FRAME_SAMPLES,
      samples: all.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
    }));
    this.#capturedSamples += frames * FRAME_SAMPLES;
    if (pushed.length > 0) session.push(pushed);
  }

  async #commit(event_id: string | undefined): Promise<void> {
    const session = await this.#ready();
    if (!this.#isHolding) {
      return this.#refuse({
        code: 'input_audio_buffer_commit_empty',
        message: 'There is no audio to commit.',
        event_id,
      });
    }
    this.#isHolding = false;
    this.#setAsked(false);
    session?.pushToTalk(false);
  }

  async #clear(): Promise<void> {
    const session = await this.#ready();
    // Muting drops an open utterance without a trace.
    session?.setMuted(true);
    session?.setMuted(false);
    this.#isHolding = false;
    this.#send({ type: 'input_audio_buffer.cleared' });
  }

  #create(item: ClientItem, event_id: string | undefined): void {
    const id = item.id ?? this.#newId('item');
    if (item.type === 'function_call_output') {
      const isWanted = this.#tools.resolve(item.call_id ?? '', item.output ?? '');
      if (!isWanted)
        return this.#refuse({
          code: 'invalid_value',
          message: 'No such call waits for a result.',
          param: 'item.call_id',
          event_id,
        });
      this.#setAsked(false);
    } else if (item.type === 'message') {
      const text = (item.content ?? [])
        .map((part) => part.text ?? '')
        .join(' ')
        .trim();
      if (text === '' || (item.content ?? []).some(({ type }) => !type.endsWith('text'))) {
        return this.#refuse({
          code: 'invalid_value',
          message: 'Messages are text here; audio goes into the buffer.',
          param: 'item.content',
          event_id,
        });
      }
      this.#remember(item.role ?? 'user', text);
    } else {
      return this.#refuse({
        code: 'invalid_value',
        message: `Items of type ${item.type} are not taken.`,
        param: 'item.type',
        event_id,
      });
    }
    const shown = { ...item, id, object: 'realtime.item' } as never;
    this.#send({ type: 'conversation.item.added', item: shown, previous_item_id: null });
    this.#send({ type: 'conversation.item.done', item: shown, previous_item_id: null });
  }

  /** Before the conversation begins, messages are its history; later, what the user has typed. */
  #remember(role: string, text: string): void {
    if (role === 'user') return void this.#typed.push(text);
    if (this.#session) return;
    if (role === 'assistant') this.#history.push({ user: this.#typed.splice(0).join(' '), heard: text });
    else this.#instructions = [this.#instructions, text].filter(Boolean).join('\n');
  }

  #truncate({ item_id, audio_end_ms, event_id }: Extract<ClientEvent, { type: 'conversation.item.truncate' }>): void {
    const answerNumber = this.#answerOfItem.get(item_id);
    if (answerNumber === undefined) {
      return this.#refuse({ code: 'item_not_found', message: 'There is no such item.', param: 'item_id', event_id });
    }
    const sentMs = this.#output.sentMs(answerNumber);
    if (sentMs !== undefined && !this.#output.setPlayedMs(answerNumber, audio_end_ms)) {
      const message = `Audio of ${Math.floor(sentMs)} ms is already shorter than ${audio_end_ms} ms.`;
      return this.#refuse({ code: 'invalid_value', message, param: 'audio_end_ms', event_id });
    }
    if (sentMs !== undefined) this.#session?.stop();
    this.#send({ type: 'conversation.item.truncated', item_id, audio_end_ms, content_index: 0 });
  }

  async #respond(event_id: string | undefined): Promise<void> {
    const session = await this.#ready();
    if ([...this.#answers.values()].some(({ writer }) => writer && !writer.isDone)) {
      return this.#refuse({
        code: 'conversation_already_has_active_response',
        message: 'An answer is being given.',
        event_id,
      });
    }
    this.#setAsked(true);
    const text = this.#typed.splice(0).join(' ');
    if (text !== '') session?.say(text);
  }

  #cancel(event_id: string | undefined): void {
    const isActive = [...this.#answers.values()].some(({ writer }) => writer && !writer.isDone);
    if (!isActive)
      return this.#refuse({ code: 'response_cancel_not_active', message: 'No answer is being given.', event_id });
    this.#session?.stop();
  }

  /** The conversation begins with the first thing that needs it, so that instructions and history can come before. */
  #ready(): Promise<VoiceSession | null> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<VoiceSession | null> {
    const architecture = this.#options.architectureFor({ instructions: () => this.#instructions, tools: this.#tools });
    const session = await architecture.open({
      loudspeaker: this.#output,
      history: this.#history,
      inputMode: this.#isManual ? 'push-to-talk' : 'hands-free',
      onEvent: (event) => this.#onEvent(event),
    });
    this.#session = session;
    if (!this.#isClosed) return session;
    await session.close();
    return null;
  }

  #onEvent(event: VoiceEvent): void {
    if (this.#isClosed) return;
    switch (event.type) {
      case 'floor':
        return event.floor === 'hearing' ? this.#speechStarted() : undefined;
      case 'user-text':
        return this.#onUserText(event);
      case 'user-dropped':
        return this.#dropItem(event.turnId);
      case 'turn-failed':
        return this.#problem(event.error.code, event.error.message);
      case 'answer-started':
        this.#answers.set(event.answerNumber, {
          answerNumber: event.answerNumber,
          writer: null,
          writtenChars: 0,
          text: '',
          isOver: false,
        });
        return this.#whenAsked(() => void this.#writer(event.answerNumber));
      case 'answer-text':
        return this.#whenAsked(() => this.#onAnswerText(event.answerNumber, event.text));
      case 'answer-ended':
        return this.#whenAsked(() => this.#endAnswer(event.answerNumber, event));
      case 'answer-withdrawn':
        return this.#whenAsked(() =>
          this.#endAnswer(event.answerNumber, { outcome: 'interrupted', text: '', error: null }),
        );
      case 'session-failed':
        return this.#onFailure(new ParleyError(event.error));
      default:
        event satisfies never;
    }
  }

  #speechStarted(): void {
    if (this.#openItem || this.#isManual) return;
    this.#openItem = this.#newId('item');
    this.#send({
      type: 'input_audio_buffer.speech_started',
      audio_start_ms: this.#capturedMs,
      item_id: this.#openItem,
    });
  }

  #onUserText({ turnId, text, final, source }: Extract<VoiceEvent, { type: 'user-text' }>): void {
    if (source === 'typed') return;
    const known = this.#userItems.get(turnId);
    // The user goes on with a turn that was taken for over: one item holds all of it.
    if (known?.isCommitted && !final) this.#dropItem(turnId);
    if (!this.#userItems.has(turnId)) {
      this.#userItems.set(turnId, { itemId: this.#openItem ?? this.#newId('item'), isCommitted: false });
      this.#openItem = null;
    }
    if (final) this.#commitItem(this.#userItems.get(turnId)!, text);
  }

  #commitItem(item: UserItem, transcript: string): void {
    if (item.isCommitted) return;
    item.isCommitted = true;
    const { itemId: item_id } = item;
    if (!this.#isManual) {
      this.#send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: this.#capturedMs, item_id });
    }
    this.#send({ type: 'input_audio_buffer.committed', item_id, previous_item_id: null });
    const shown = {
      id: item_id,
      object: 'realtime.item' as const,
      type: 'message' as const,
      role: 'user' as const,
      status: 'completed' as const,
      content: [{ type: 'input_audio' as const, transcript }],
    };
    this.#send({ type: 'conversation.item.added', item: shown, previous_item_id: null });
    this.#send({ type: 'conversation.item.done', item: shown, previous_item_id: null });
    this.#send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id,
      content_index: 0,
      transcript,
      usage: { type: 'duration', seconds: 0 },
    });
  }

  #dropItem(turnId: number): void {
    const item = this.#userItems.get(turnId);
    this.#userItems.delete(turnId);
    this.#openItem = null;
    if (item?.isCommitted) this.#send({ type: 'conversation.item.deleted', item_id: item.itemId });
  }

  /** The response that is open for an answer; after a tool the next event opens the next one. */
  #writer(answerNumber: number): ResponseWriter | null {
    const answer = this.#answers.get(answerNumber);
    if (!answer || answer.isOver) return null;
    if (answer.writer && !answer.writer.isDone) return answer.writer;
    const itemId = this.#newId('item');
    this.#answerOfItem.set(itemId, answerNumber);
    answer.writer = new ResponseWriter({ responseId: this.#newId('resp'), itemId, send: (event) => this.#send(event) });
    return answer.writer;
  }

  #onAnswerText(answerNumber: number, text: string): void {
    const answer = this.#answers.get(answerNumber);
    if (!answer || answer.text === text) return;
    answer.text = text;
    this.#writer(answerNumber)?.text(text.slice(answer.writtenChars));
  }

  #onToolCall(call: ToolCall): void {
    const answer = [...this.#answers.values()].at(-1);
    const writer = answer && this.#writer(answer.answerNumber);
    if (!answer || !writer) return void this.#tools.resolve(call.id, 'The answer is over.');
    writer.functionCall({ id: this.#newId('item'), callId: call.id, name: call.name, arguments: call.arguments });
    writer.done('completed');
    answer.writtenChars = answer.text.length;
  }

  #endAnswer(
    answerNumber: number,
    end: Pick<Extract<VoiceEvent, { type: 'answer-ended' }>, 'outcome' | 'text' | 'error'>,
  ): void {
    const answer = this.#answers.get(answerNumber);
    if (!answer) return;
    if (end.outcome === 'done') this.#onAnswerText(answerNumber, end.text);
    answer.isOver = true;
    this.#answers.delete(answerNumber);
    if (end.error) this.#problem(end.error.code, end.error.message);
    answer.writer?.done(end.outcome === 'done' ? 'completed' : end.outcome === 'failed' ? 'failed' : 'cancelled');
  }

  #setAsked(isAsked: boolean): void {
    this.#isAsked = isAsked;
    if (isAsked) for (const next of this.#held.splice(0)) next();
    this.#output.setPaused(!isAsked);
  }

  #whenAsked(action: () => void): void {
    if (this.#isAsked) action();
    else this.#held.push(action);
  }

  #shown() {
    return {
      type: 'realtime' as const,
      object: 'realtime.session' as const,
      id: this.#newId('sess'),
      model: this.#options.modelName,
      instructions: this.#instructions ?? '',
      output_modalities: ['audio' as const],
      tools: this.#tools?.offers().map((tool) => ({ type: 'function' as const, ...tool })) ?? [],
      audio: {
        input: {
          format: { type: 'audio/pcm' as const, rate: WIRE_RATE_HZ },
          turn_detection: this.#isManual ? null : { type: 'server_vad' as const },
        },
        output: { format: { type: 'audio/pcm' as const, rate: WIRE_RATE_HZ } },
      },
    } as never;
  }

  get #capturedMs(): number {
    return Math.round((this.#capturedSamples * 1000) / CAPTURE_RATE_HZ);
  }

  #problem(code: string, message: string): void {
    this.#error({ type: 'server_error', code, message });
  }

  #refuse(what: { code: string; message: string; param?: string; event_id?: string | null | undefined }): void {
    this.#error({ type: 'invalid_request_error', ...what });
  }

  #error(error: {
    type: string;
    code: string;
    message: string;
    param?: string;
    event_id?: string | null | undefined;
  }): void {
    const { param = null, event_id = null, ...rest } = error;
    this.#send({ type: 'error', error: { ...rest, param, event_id } });
  }

  #onFailure(error: ParleyError): void {
    if (this.#isClosed) return;
    this.#problem(error.code, error.message);
    this.#options.onFailed(error);
  }

  #send(event: ServerEvent): void {
    if (!this.#isClosed) this.#options.send(JSON.stringify({ event_id: this.#newId('event'), ...event }));
  }

  #newId(kind: string): string {
    return `${kind}_${this.#options.newId()}`;
  }
}
