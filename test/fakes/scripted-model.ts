import type { ArchitectureCapabilities } from '../../main/contract/architecture.ts';
import type { ParleyError } from '../../main/contract/errors.ts';
import { abortError, throwIfAborted } from '../../main/lib/abort.ts';
import type { PastExchange, ReplyPiece, ReplyRequest, Responder, RespondOptions } from '../../main/ports/responder.ts';
import type { ToolBox } from '../../main/ports/tool.ts';
import type { ConnectOptions, RemoteConnection, RemoteProvider } from '../../main/speech-to-speech/remote-voice.ts';

export const WEATHER_TOOL = { name: 'weather', description: 'The weather.', parameters: { type: 'object' } };
export const CALL = { id: 'call_1', name: WEATHER_TOOL.name, arguments: '{"city":"Oslo"}' };

/** Knows the weather from a tool, and says of everything else at length that it has heard it. */
export class ScriptedModel {
  readonly requests: ReplyRequest[] = [];
  failure: ParleyError | null = null;

  async answer(request: ReplyRequest, callTool: () => Promise<string>): Promise<string> {
    return this.begin(request) ?? weatherAnswer(await callTool());
  }

  /** Its answer; null: it wants to know the weather first. */
  begin(request: ReplyRequest): string | null {
    this.requests.push(request);
    if (this.failure) throw this.failure;
    if (/weather/.test(request.userText)) return null;
    return `You said ${request.userText} and that is one two three four.`;
  }
}

export function weatherAnswer(weather: string): string {
  return `It is ${weather} today.`;
}

/** The model in a cascade. */
export class ScriptedModelResponder implements Responder {
  readonly #model: ScriptedModel;
  readonly #tools: ToolBox;

  constructor(model: ScriptedModel, tools: ToolBox) {
    this.#model = model;
    this.#tools = tools;
  }

  async *respond(request: ReplyRequest, options: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    const { signal = new AbortController().signal, released = Promise.resolve() } = options;
    const context = { signal, released, userText: request.userText, tainted: false };
    const text = await this.#model.answer(request, async () => (await this.#tools.call(CALL, context)).text);
    if (signal.aborted) throw abortError(signal, 'think');
    yield { type: 'text', text };
    throwIfAborted(signal, 'think');
    yield { type: 'clause', clause: { text, startChar: 0, endChar: text.length } };
  }

  anticipate(): void {}
}

const RATE_HZ = 24_000;
const WORD_SAMPLES = (300 * RATE_HZ) / 1000;

/** The model as a provider's: from text to words and sound, and it remembers what it is told was heard. */
export class ScriptedModelProvider implements RemoteProvider {
  readonly id = 'scripted';
  readonly label = 'Scripted';
  readonly kind = 'speech-to-speech';
  readonly capabilities: ArchitectureCapabilities = {
    ownTurnDetection: true,
    truncation: true,
    tools: true,
    customVoice: false,
    lineByLineTranscript: false,
    offline: true,
  };
  readonly unavailable = null;
  readonly #model: ScriptedModel;
  #hangUp: (error: ParleyError) => void = () => {};

  constructor(model: ScriptedModel, { localTurns = false } = {}) {
    this.#model = model;
    this.capabilities = { ...this.capabilities, localTurns };
  }

  breakDown(error: ParleyError): void {
    this.#hangUp(error);
  }

  connect({ history: before, onEvent }: ConnectOptions): Promise<RemoteConnection> {
    const history: PastExchange[] = [...before];
    const places = new Map<string, number>();
    let giveResult: (output: string) => void = () => {};
    let answers = 0;
    this.#hangUp = (error) => onEvent({ type: 'closed', error: error.serialise() });
    const answer = async (userText: string): Promise<void> => {
      const answerId = `a${++answers}`;
      const text = await this.#model.answer({ history: [...history], userText }, () => {
        onEvent({ type: 'tool-call', callId: CALL.id, name: CALL.name, arguments: CALL.arguments });
        return new Promise((resolve) => (giveResult = resolve));
      });
      places.set(answerId, history.push({ user: userText, heard: text }) - 1);
      onEvent({ type: 'answer-started', answerId });
      onEvent({ type: 'answer-text', answerId, text });
      const pcm = new Float32Array(text.split(' ').length * WORD_SAMPLES);
      onEvent({ type: 'answer-audio', answerId, pcm, sampleRateHz: RATE_HZ });
      onEvent({ type: 'answer-done', answerId, status: 'complete' });
    };
    return Promise.resolve({
      inputRateHz: 16_000,
      sendAudio() {},
      sendText: (text) => void answer(text),
      setTurnTaking() {},
      beginTurn() {},
      endTurn() {},
      cancelAnswer({ answerId, heardText }) {
        const place = places.get(answerId);
        if (place !== undefined) history[place] = { user: history[place]!.user, heard: heardText };
      },
      tell: (exchanges) => void history.push(...exchanges),
      sendToolResult: ({ output }) => giveResult(output),
      close: () => Promise.resolve(),
    });
  }
}
