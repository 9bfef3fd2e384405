import { ParleyError } from '../../contract/errors.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OpenResampler } from '../../ports/resampler.ts';
import type { ToolBox } from '../../ports/tool.ts';
import type { VoiceArchitecture, VoiceEvent, VoiceSession } from '../../ports/voice-architecture.ts';
import { AnswerResponses } from './answer-responses.ts';
import { readClientEvent, type ClientEvent, type ClientItem, type SessionUpdate } from './client-events.ts';
import { ClientConversation } from './client-conversation.ts';
import { ClientTools } from './client-tools.ts';
import { InputAudio } from './input-audio.ts';
import { PacedOutput } from './paced-output.ts';
import type { ServerEvent } from './response-writer.ts';
import { offersOf, refusalOf, shownSession, type Refusal } from './session-shape.ts';
import { UserItems } from './user-items.ts';

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
  /** Position of the first sample: the same ears hear one client after the other, and the streams must not be taken for one. Default 0. */
  firstSample?: number;
  newId(): string;
  /** One JSON message to the client. */
  send(json: string): void;
  /** The conversation cannot go on; the socket is to be closed. */
  onFailed(error: ParleyError): void;
}

/** While the ears are being started, a client may go on talking: 20 s of messages of 20 ms. */
/** Behind a turn that the client has ended: some windows of the voice detector. */
const AFTER_COMMIT_MS = 300;
const MAX_WAITING_EVENTS = 1000;

/**
 * One client of our Realtime endpoint: its events become a VoiceSession's calls, the session's events the protocol's. Which architecture
 * answers is no business of this file. Differences from the vendor's own server: docs/speech-to-speech.md.
 */
export class RealtimeConnection {
  readonly #options: RealtimeConnectionOptions;
  readonly #sessionId: string;
  readonly #tools: ClientTools;
  readonly #output: PacedOutput;
  readonly #input: InputAudio;
  readonly #users: UserItems;
  readonly #responses: AnswerResponses;
  /** Events are carried out one after the other: some have to wait for the session. */
  readonly #events = new SerialQueue('transport');
  readonly #conversation: ClientConversation;
  #waitingEvents = 0;
  #session: VoiceSession | null = null;
  #opening: Promise<VoiceSession | null> | null = null;
  #isManual = false;
  /** Whether a spoken turn is answered without being asked for. */
  #answersByItself = true;
  #isHolding = false;
  /** A turn is over, and its answer has not begun. */
  #isTurnOpen = false;
  #isClosed = false;

  constructor(options: RealtimeConnectionOptions) {
    this.#options = options;
    this.#sessionId = this.#newId('sess');
    const shared = { newId: (kind: string) => this.#newId(kind), send: (event: ServerEvent) => this.#send(event) };
    this.#conversation = new ClientConversation({
      ...shared,
      onResult: (callId, output) => this.#tools.resolve(callId, output),
      hasBegun: () => this.#session !== null,
    });
    this.#input = new InputAudio({ openResampler: options.openResampler, firstSample: options.firstSample ?? 0 });
    this.#output = new PacedOutput({
      ...options,
      send: (answerNumber, pcm16) => this.#responses.audio(answerNumber, pcm16),
      onPlayback: (progress) => this.#session?.playback(progress),
    });
    this.#responses = new AnswerResponses({
      ...shared,
      sentMs: (answerNumber) => this.#output.sentMs(answerNumber),
      onAsked: (isAsked) => this.#output.setPaused(!isAsked),
    });
    this.#tools = new ClientTools({
      clock: options.clock,
      onCall: (call) => this.#responses.toolCall(call, () => void this.#tools.resolve(call.id, 'The answer is over.')),
      onGivenUp: () => this.#responses.setAsked(true),
    });
    this.#users = new UserItems({
      ...shared,
      capturedMs: () => this.#input.capturedMs,
      isAnswering: () => this.#responses.isAnswering,
      onTurn: () => this.#onTurn(),
      onNothingHeard: () => this.#onNothingHeard(),
    });
    this.#send({ type: 'session.created', session: this.#shown() });
  }

  /** Never throws: what is wrong with a message is told to the client. */
  receive(json: string): void {
    const read = readClientEvent(json);
    if ('refusal' in read) return this.#refuse(read.refusal);
    if (this.#waitingEvents >= MAX_WAITING_EVENTS) {
      return this.#fail(new ParleyError({ code: 'bad-command', stage: 'transport', message: 'too many events wait' }));
    }
    this.#waitingEvents++;
    this.#events
      .run(() => this.#handle(read.event))
      .catch((cause: unknown) => this.#fail(ParleyError.from(cause, 'app')))
      .finally(() => this.#waitingEvents--);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tools.close();
    const session = this.#session ?? (await this.#opening?.catch(() => null));
    this.#session = null;
    this.#output.close();
    await session?.close();
    await this.#events.close();
    this.#input.close();
  }

  async #handle(event: ClientEvent): Promise<void> {
    const { event_id } = event;
    switch (event.type) {
      case 'session.update':
        return this.#update(event.session, event_id);
      case 'input_audio_buffer.append':
        return this.#append(event.audio);
      case 'input_audio_buffer.commit':
        return this.#commit(event_id);
      case 'input_audio_buffer.clear':
        return this.#clear();
      case 'conversation.item.create':
        return this.#create(event.item, event_id);
      case 'conversation.item.retrieve':
        return this.#retrieve(event.item_id, event_id);
      case 'conversation.item.delete':
        return this.#delete(event.item_id);
      case 'conversation.item.truncate':
        return this.#truncate(event);
      case 'response.create':
        return this.#respond(event_id);
      case 'response.cancel':
        return this.#cancel(event_id);
      default:
        event satisfies never;
    }
  }

  #update(update: SessionUpdate, event_id: string | undefined): void {
    const refusal = refusalOf(update);
    if (refusal) return this.#refuse({ ...refusal, event_id });
    if (update.instructions !== undefined) this.#conversation.instructions = update.instructions;
    if (update.tools) this.#tools.set(offersOf(update.tools));
    const detection = update.audio?.input?.turn_detection;
    if (detection !== undefined) {
      this.#answersByItself = detection !== null && detection.create_response !== false;
      this.#setManual(detection === null);
    }
    this.#send({ type: 'session.updated', session: this.#shown() });
  }

  #setManual(isManual: boolean): void {
    if (isManual === this.#isManual) return;
    this.#isManual = isManual;
    this.#isHolding = false;
    this.#users.setManual(isManual);
    this.#session?.setInputMode(isManual ? 'push-to-talk' : 'hands-free');
  }

  async #append(base64: string): Promise<void> {
    const session = await this.#ready();
    if (!session) return;
    const frames = await this.#input.frames(base64);
    if (frames.length === 0) return;
    if (this.#isManual && !this.#isHolding) {
      this.#isHolding = true;
      session.pushToTalk(true);
    }
    session.push(frames);
  }

  async #commit(event_id: string | undefined): Promise<void> {
    const session = await this.#ready();
    if (!this.#isHolding) {
      return this.#refuse({ code: 'input_audio_buffer_commit_empty', message: 'There is no audio.', event_id });
    }
    this.#isHolding = false;
    this.#isTurnOpen = true;
    this.#responses.setAsked(false);
    this.#users.committedByClient();
    session?.pushToTalk(false);
    // Clients that end turns themselves send nothing between them, and some send a whole turn at once.
    session?.push(this.#input.silence(AFTER_COMMIT_MS));
  }

  async #clear(): Promise<void> {
    const session = await this.#ready();
    // Muting drops an open utterance without a trace.
    session?.setMuted(true);
    session?.pushToTalk(false);
    session?.setMuted(false);
    this.#isHolding = false;
    this.#send({ type: 'input_audio_buffer.cleared' });
  }

  #create(item: ClientItem, event_id: string | undefined): void {
    const refusal = this.#conversation.create(item);
    if (refusal) this.#refuse({ ...refusal, event_id });
  }

  #truncate({ item_id, audio_end_ms, event_id }: Extract<ClientEvent, { type: 'conversation.item.truncate' }>): void {
    const place = this.#responses.placeOf(item_id);
    if (!place) {
      return this.#refuse({ code: 'item_not_found', message: 'There is no such item.', param: 'item_id', event_id });
    }
    const { answerNumber, fromMs } = place;
    const sentMs = Math.ceil(this.#output.sentMs(answerNumber) - fromMs);
    if (audio_end_ms > sentMs) {
      const message = `Audio content of ${sentMs}ms is already shorter than ${audio_end_ms}ms`;
      return this.#refuse({ code: 'invalid_value', message, param: 'audio_end_ms', event_id });
    }
    if (this.#output.isPlaying(answerNumber)) {
      this.#output.setPlayedMs(answerNumber, fromMs + audio_end_ms);
      this.#session?.stop();
    }
    this.#send({ type: 'conversation.item.truncated', item_id, audio_end_ms, content_index: 0 });
  }

  #retrieve(item_id: string, event_id: string | undefined): void {
    const item = this.#conversation.find(item_id);
    if (item) return this.#send({ type: 'conversation.item.retrieved', item });
    this.#refuse({ code: 'item_not_found', message: 'There is no such item.', param: 'item_id', event_id });
  }

  /** Of an answer: nothing of it was heard. */
  #delete(item_id: string): void {
    const answerNumber = this.#responses.placeOf(item_id)?.answerNumber;
    if (answerNumber !== undefined && this.#output.isPlaying(answerNumber)) this.#session?.stop();
    this.#send({ type: 'conversation.item.deleted', item_id });
  }

  async #respond(event_id: string | undefined): Promise<void> {
    const session = await this.#ready();
    if (this.#responses.isActive) {
      const code = 'conversation_already_has_active_response';
      return this.#refuse({ code, message: 'An answer is being given.', event_id });
    }
    const text = this.#conversation.takeTyped();
    const isSomethingToAnswer = text !== '' || this.#isTurnOpen || this.#responses.isAnswering;
    if (!isSomethingToAnswer) {
      return this.#refuse({ code: 'nothing_to_answer', message: 'Nothing was said that has no answer yet.', event_id });
    }
    this.#responses.setAsked(true);
    if (text !== '') session?.say(text);
  }

  #cancel(event_id: string | undefined): void {
    if (this.#responses.isActive) return this.#session?.stop();
    this.#refuse({ code: 'response_cancel_not_active', message: 'No answer is being given.', event_id });
  }

  /** The conversation begins with the first thing that needs it, so that instructions and history can come before. */
  #ready(): Promise<VoiceSession | null> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<VoiceSession | null> {
    const architecture = this.#options.architectureFor({
      instructions: () => this.#conversation.instructions,
      tools: this.#tools,
    });
    const session = await architecture.open({
      loudspeaker: this.#output,
      history: this.#conversation.history,
      inputMode: this.#isManual ? 'push-to-talk' : 'hands-free',
      onEvent: (event) => this.#onEvent(event),
    });
    if (!this.#isClosed) return (this.#session = session);
    // `close` has not seen it.
    await session.close();
    return null;
  }

  #onEvent(event: VoiceEvent): void {
    if (this.#isClosed) return;
    switch (event.type) {
      case 'floor':
        return this.#users.onFloor(event.floor);
      case 'user-text':
        return event.source === 'voice' ? this.#users.onText(event) : undefined;
      case 'user-dropped':
        return this.#users.onDropped(event.turnId);
      case 'turn-failed':
        this.#isTurnOpen = false;
        return this.#problem(event.error.code, event.error.message);
      case 'answer-started':
        this.#isTurnOpen = false;
        return this.#responses.started(event.answerNumber);
      case 'answer-text':
        return this.#responses.text(event.answerNumber, event.text);
      case 'answer-ended':
        if (event.error) this.#problem(event.error.code, event.error.message);
        if (event.outcome === 'interrupted') this.#users.onInterrupted();
        return this.#responses.ended(event.answerNumber, event);
      case 'answer-withdrawn':
        this.#users.onInterrupted();
        return this.#responses.ended(event.answerNumber, { outcome: 'interrupted', text: '', error: null });
      case 'answer-recognised':
        return;
      case 'session-failed':
        return this.#fail(new ParleyError(event.error));
      default:
        event satisfies never;
    }
  }

  #onTurn(): void {
    this.#isTurnOpen = true;
    if (!this.#isManual) this.#responses.setAsked(this.#answersByItself);
  }

  #onNothingHeard(): void {
    if (!this.#isTurnOpen) return;
    this.#isTurnOpen = false;
    this.#problem('nothing_heard', 'Nothing was heard that could be answered.');
  }

  #shown() {
    return shownSession({
      id: this.#sessionId,
      model: this.#options.modelName,
      instructions: this.#conversation.instructions ?? '',
      tools: this.#tools.offers(),
      turnDetection: this.#isManual
        ? null
        : { type: 'server_vad', create_response: this.#answersByItself, interrupt_response: true },
    });
  }

  #problem(code: string, message: string): void {
    this.#send({ type: 'error', error: { type: 'server_error', code, message, param: null, event_id: null } });
  }

  #refuse({ param, event_id, ...rest }: Refusal): void {
    const error = { type: 'invalid_request_error', ...rest, param: param ?? null, event_id: event_id ?? null };
    this.#send({ type: 'error', error });
  }

  #fail(error: ParleyError): void {
    if (this.#isClosed) return;
    this.#problem(error.code, error.message);
    this.#options.onFailed(error);
  }

  #send(event: ServerEvent): void {
    this.#conversation.onSent(event);
    if (!this.#isClosed) this.#options.send(JSON.stringify({ event_id: this.#newId('event'), ...event }));
  }

  #newId(kind: string): string {
    return `${kind}_${this.#options.newId()}`;
  }
}
