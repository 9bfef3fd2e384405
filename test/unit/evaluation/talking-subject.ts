import { Cascade } from '../../../main/cascade/cascade.ts';
import { LlmResponder } from '../../../main/cascade/llm-responder.ts';
import { defaultTurnConfig } from '../../../main/domain/turn/config.ts';
import { breakEngines, type FaultName } from '../../../main/evaluation/faults/faults.ts';
import { RoomBus } from '../../../main/evaluation/room/room-bus.ts';
import { scriptedTools } from '../../../main/evaluation/run/scripted-tools.ts';
import type { ScenarioRecorder } from '../../../main/evaluation/recorder/scenario-recorder.ts';
import type { OpenSubject, SubjectAccount } from '../../../main/evaluation/run/subject.ts';
import { Conversation } from '../../../main/pipeline/conversation.ts';
import type { CaptureFrame } from '../../../main/ports/audio-devices.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../../main/ports/listener.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../../../main/ports/responder.ts';
import type { ToolSource } from '../../../main/ports/tool.ts';
import type { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeLlm } from '../../fakes/fake-llm.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import type { ToneLanguage } from './tone-language.ts';

const WINDOW = 512;

/** Ears for tones: loud windows are speech, and the pitch says which words. */
class ToneListener implements Listener {
  readonly #language: ToneLanguage;
  readonly #listeners = new Set<(event: ListenerEvent) => void>();
  readonly #utterances = new Map<number, number>();
  #heard = new Float32Array(16_000 * 300);
  #length = 0;
  #done = 0;

  constructor(language: ToneLanguage) {
    this.#language = language;
  }

  push(frames: CaptureFrame[]): void {
    for (const { startSample, samples } of frames) {
      this.#heard.set(samples, startSample);
      this.#length = startSample + samples.length;
    }
    for (; this.#done + WINDOW <= this.#length; this.#done += WINDOW) {
      const isLoud = this.#heard.subarray(this.#done, this.#done + WINDOW).some((sample) => Math.abs(sample) > 0.01);
      const event = { type: 'vad' as const, endSample: this.#done + WINDOW, probability: isLoud ? 0.95 : 0.02 };
      for (const listener of this.#listeners) listener({ ...event, levelDbfs: isLoud ? -25 : -70 });
    }
  }

  beginUtterance(utteranceId: number, fromSample: number): void {
    this.#utterances.set(utteranceId, fromSample);
  }

  endUtterance(utteranceId: number): void {
    this.#utterances.delete(utteranceId);
  }

  readUtterance(utteranceId: number, toSample: number): Promise<UtteranceReading> {
    const samples = this.#heard.subarray(this.#utterances.get(utteranceId) ?? 0, toSample);
    return Promise.resolve({ text: this.#language.understand(samples), completeProbability: 0.98 });
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Calls the scenario's tool for what sounds like work, else asks the model. */
class WorkingResponder implements Responder {
  readonly #model: Responder;
  readonly #tools: ToolSource;

  constructor(model: Responder, tools: ToolSource) {
    this.#model = model;
    this.#tools = tools;
  }

  async *respond(request: ReplyRequest): AsyncIterable<ReplyPiece> {
    const [tool] = this.#tools.tools;
    const day = /(thursday|friday)/.exec(request.userText)?.[1];
    if (!tool || day === undefined) return yield* this.#model.respond(request);
    const { text } = await tool.run({ day }, { signal: new AbortController().signal });
    yield { type: 'text', text };
    yield { type: 'clause', clause: { text, startChar: 0, endChar: text.length } };
  }

  anticipate(): void {}
}

/** A cascade of fakes in virtual time, between the real room and the real conversation. */
export function talkingSubjects(options: {
  clock: FakeClock;
  language: ToneLanguage;
  reply(userText: string): string;
  faults?: readonly FaultName[];
  /** Listens too, and is told of the transcript. */
  recorder?: Pick<ScenarioRecorder, 'listening' | 'onLine' | 'onLinesRemoved'>;
}): OpenSubject {
  const { clock, language, faults = [], recorder } = options;
  return async ({ scenario, architectureId, replaced }) => {
    const account: SubjectAccount = { lines: [], toolCalls: [], failures: [] };
    const llm = new FakeLlm({ reply: ({ messages }) => options.reply(messages.at(-1)!.content) });
    const ears = new ToneListener(language);
    const engines = { listener: recorder?.listening(ears) ?? ears, llm, tts: language.voice };
    const faulty = breakEngines(engines, faults, clock);
    const broken = replaced?.engines(faulty) ?? faulty;
    const tools = scriptedTools(scenario.tools, {
      isBroken: faults.includes('tool-failing'),
      onCall: (call) => account.toolCalls.push({ at: bus.now, ...call }),
    });
    const logger = new RecordingLogger();
    const working = new WorkingResponder(new LlmResponder({ llm: broken.llm, logger }), tools);
    const responder = replaced?.responder(working) ?? working;
    const architecture = new Cascade({
      ...broken,
      responder,
      clock,
      logger,
      config: () => defaultTurnConfig,
      maxHistoryChars: 4000,
    });
    const bus: RoomBus = new RoomBus({
      events: {
        onCapture: (frames) => conversation.onCapture(frames),
        onPlayback: (progress) => conversation.onPlayback(progress),
        onMicrophone: () => {},
        onDevicesChanged: () => {},
        onLevels: () => {},
      },
      clock,
      background: undefined,
      effect: undefined,
      driftPpm: 0,
      echoDb: undefined,
    });
    const conversation = new Conversation({
      architecture,
      bus,
      inputMode: 'hands-free',
      stamp: () => '2030-01-01T00:00:00.000Z',
      events: {
        onFloor: () => {},
        onLine(line) {
          account.lines.push({ atMs: bus.now, line });
          recorder?.onLine(line);
        },
        onLinesRemoved: (ids) => recorder?.onLinesRemoved(ids),
        onFailure: (error) => account.failures.push({ at: bus.now, error }),
        onArchitecture: () => {},
      },
    });
    if (architectureId === 'broken-one') throw new Error('cannot be opened');
    await conversation.begin();
    await bus.open();
    return {
      bus,
      account,
      async close() {
        await conversation.close();
        await bus.close();
      },
    };
  };
}
