import { ParleyError } from '../../main/contract/errors.ts';
import type { Clock } from '../../main/ports/clock.ts';
import type { PastExchange } from '../../main/ports/responder.ts';
import type { ToolBox } from '../../main/ports/tool.ts';
import type { VoiceArchitecture } from '../../main/ports/voice-architecture.ts';
import type { RemoteProvider } from '../../main/speech-to-speech/remote-voice.ts';
import { SpeechToSpeech } from '../../main/speech-to-speech/speech-to-speech.ts';
import type { RemoteUsage } from '../../main/speech-to-speech/remote-voice.ts';
import { StreamingResampler } from '../../main/audio/streaming-resampler.ts';
import { FakeTts } from '../fakes/fake-tts.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { NOBODY, type HostedProvider } from './providers.ts';
import { Talk } from './talk.ts';
import type { Lines } from './voice.ts';

/** The same as test/contract/architecture-contract.ts has, with a real voice in real time. */
export const SCENES = ['talk', 'tool', 'interrupt', 'truncate', 'switch away', 'switch back', 'fail'] as const;
export type SceneName = (typeof SCENES)[number];

const INSTRUCTIONS =
  'You are a voice assistant under test. Answer in one short sentence, always in English. Only a story may be longer: eight sentences. ' +
  'For the weather use the tool, and then tell what it says.';
/** Nobody guesses it. */
const FORECAST = 'Thick fog and exactly seventeen degrees.';
const STORY = 'Tell me another long story, about a clock.';
const CLOSE_WITHIN_MS = 5000;

export interface StageOptions {
  hosted: HostedProvider;
  clock: Clock;
  lines: Lines;
  onUsage(usage: RemoteUsage): void;
}

/** One provider on stage: its scenes are played in order, the first five in one conversation. */
export class Stage {
  readonly #options: StageOptions;
  readonly #logger = new RecordingLogger();
  readonly #calls: string[] = [];
  #talk: Talk | null = null;
  #before: readonly PastExchange[] = [];

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** Throws, in words, when the provider does not do what every architecture does. */
  async play(scene: SceneName): Promise<void> {
    switch (scene) {
      case 'talk':
        return this.#talks();
      case 'tool':
        return this.#usesATool();
      case 'interrupt':
        return this.#isInterrupted();
      case 'truncate':
        return this.#isTruncated();
      case 'switch away':
        return this.#isSwitchedAwayFrom();
      case 'switch back':
        return this.#isSwitchedBackTo();
      case 'fail':
        return this.#fails();
      default:
        scene satisfies never;
    }
  }

  async strike(): Promise<void> {
    await this.#talk?.close();
    this.#talk = null;
  }

  async #talks(): Promise<void> {
    const talk = await this.#open();
    await talk.say(this.#options.lines.question);
    const end = await talk.heard(/yellow/i, 0);
    must(end.heardChars === end.text.trimEnd().length, 'the answer was not heard to its end');
    await talk.until('the words of the user', () => talk.of('user-text').find(({ text }) => /banana/i.test(text)));
    must(talk.history.at(-1)?.heard === end.text.trim(), 'the history does not hold what was heard');
  }

  async #usesATool(): Promise<void> {
    const talk = await this.#current();
    const since = talk.events.length;
    await talk.say(this.#options.lines.weather);
    await talk.heard(/fog|seventeen|17/i, since);
    must(
      this.#calls.some((args) => /oslo/i.test(args)),
      `the tool was not called for Oslo: ${this.#calls.join(' ') || 'no call'}`,
    );
  }

  async #isInterrupted(): Promise<void> {
    const talk = await this.#current();
    const since = talk.events.length;
    await talk.say(this.#options.lines.story);
    const answerNumber = await talk.heardSome(since);
    await talk.say(this.#options.lines.interruption);
    const end = await talk.ended(answerNumber);
    must(end.outcome === 'interrupted', `the story was not interrupted but ${end.outcome}`);
    must(end.heardChars > 0 && end.heardChars < end.text.length, 'the story was not cut where it was heard');
    await talk.heard(/four|4/i, since);
  }

  async #isTruncated(): Promise<void> {
    const talk = await this.#current();
    const since = talk.events.length;
    talk.type(STORY);
    const answerNumber = await talk.heardSome(since);
    talk.stop();
    const end = await talk.ended(answerNumber);
    must(end.outcome === 'interrupted', `the story was not stopped but ${end.outcome}`);
    must(
      talk.history.at(-1)?.heard === end.text.slice(0, end.heardChars).trim(),
      'the history holds more than was heard',
    );
    const next = talk.events.length;
    talk.type('Say only the word onward.');
    await talk.heard(/onward/i, next);
    const problems = this.#logger.records.filter(({ level }) => level === 'warn');
    must(problems.length === 0, `the provider reported a problem: ${problems.map(describe).join(', ')}`);
  }

  async #isSwitchedAwayFrom(): Promise<void> {
    const talk = await this.#current();
    const since = talk.events.length;
    talk.type(STORY);
    await talk.heardSome(since);
    const startMs = this.#options.clock.nowMs();
    await talk.close();
    must(this.#options.clock.nowMs() - startMs < CLOSE_WITHIN_MS, 'it took too long to leave');
    this.#before = talk.history;
    must(
      (this.#before.at(-1)?.heard ?? '') !== '',
      'what was heard of the last answer is not there to be carried over',
    );
    this.#talk = null;
    const told = talk.events.length;
    await talk.pass(1000);
    must(talk.events.length === told, 'it went on after it was left');
  }

  async #isSwitchedBackTo(): Promise<void> {
    const elsewhere = { user: 'My name is Ada.', heard: 'Nice to meet you, Ada.' };
    const talk = await this.#open([...this.#before, elsewhere]);
    await talk.say(this.#options.lines.name);
    await talk.heard(/\b(ada|aida|ayda)\b/i, 0);
    await this.strike();
  }

  /** A wrong key and a network that is not there: one error of the right kind, at once, and nothing left open. */
  async #fails(): Promise<void> {
    const { hosted } = this.#options;
    const apiKey = (): Promise<string> => Promise.resolve('sk-this-is-no-key-of-anybody');
    if (!hosted.takesAnyKey) await this.#refuses(hosted.open({ apiKey }), 'endpoint-refused', 'a wrong key');
    await this.#refuses(hosted.open({ baseUrl: NOBODY }), 'endpoint-unreachable', 'no network');
  }

  async #refuses(provider: RemoteProvider, code: string, what: string): Promise<void> {
    const talk = await Talk.open(this.#options.clock, this.#architecture(provider)).catch((cause: unknown) =>
      ParleyError.from(cause, 'think'),
    );
    if (talk instanceof ParleyError) return must(talk.code === code, `${what} is ${talk.code} and not ${code}`);
    await talk.close();
    throw new Error(`${what} was not noticed`);
  }

  async #current(): Promise<Talk> {
    return this.#talk ?? this.#open();
  }

  async #open(history: readonly PastExchange[] = []): Promise<Talk> {
    await this.strike();
    const { clock, hosted } = this.#options;
    return (this.#talk = await Talk.open(clock, this.#architecture(hosted.open()), history));
  }

  #architecture(provider: RemoteProvider): VoiceArchitecture {
    const { clock, onUsage } = this.#options;
    return new SpeechToSpeech({
      provider,
      clock,
      logger: this.#logger,
      tts: new FakeTts(),
      tools: this.#tools(),
      openResampler: (rates) => StreamingResampler.create(rates),
      instructions: INSTRUCTIONS,
      openMeter: () => onUsage,
    });
  }

  #tools(): ToolBox {
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    return {
      offers: () => [{ name: 'weather', description: 'The weather in a city now.', parameters }],
      call: (call) => {
        this.#calls.push(call.arguments);
        return Promise.resolve({ text: FORECAST, failed: false, outside: false });
      },
    };
  }
}

function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

function describe({ fields }: RecordingLogger['records'][number]): string {
  const { error } = fields as { error?: { code?: string; detail?: string } };
  return `${error?.code ?? 'unknown'} ${error?.detail ?? ''}`.trim();
}
