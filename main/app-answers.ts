import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LlmResponder, type ResponderTools } from './cascade/llm-responder.ts';
import { RenderAhead } from './cascade/reply-cache/render-ahead.ts';
import { everydayReplies } from './cascade/reply-cache/intent-table.ts';
import { ReplyCache } from './cascade/reply-cache/reply-cache.ts';
import { SpeechFiles, type SpeechIdentity } from './cascade/reply-cache/speech-files.ts';
import { ResponderChain, type ReadyStage } from './cascade/responder-chain.ts';
import { AppReplies } from './app-replies.ts';
import { AlarmClock } from './cascade/skills/alarm-clock.ts';
import { everydaySkills } from './cascade/skills/everyday-skills.ts';
import type { LastTurn } from './cascade/skills/memory.ts';
import { SkillSet } from './cascade/skills/skill-set.ts';
import { CALLED_ANSWER, CalledStage } from './cascade/called-stage.ts';
import { TOOL_SENTENCES } from './cascade/tool-words.ts';
import { PacedVoice } from './cascade/voice-pace.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { Floor, TranscriptLine } from './contract/state.ts';
import type { AppTools } from './app-tools.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { AppControls } from './ports/app-controls.ts';
import type { Clock } from './ports/clock.ts';
import type { Llm } from './ports/llm.ts';
import type { Logger } from './ports/logger.ts';
import type { Responder } from './ports/responder.ts';
import type { SkillStore } from './ports/skill-store.ts';
import type { ToolBox } from './ports/tool.ts';
import type { Tts } from './ports/tts.ts';
import type { Notice } from './ports/voice-architecture.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { SqliteSkillStore } from './records/sqlite-skill-store.ts';

export interface AppAnswersOptions {
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  llm: Llm;
  tts: Tts;
  /** What the sound of the voice of now depends on; null when there is no voice. */
  voice(): Omit<SpeechIdentity, 'text' | 'speed'> | null;
  report(error: SerialisedError): void;
  /** A problem of this code is no longer one. */
  solved(code: SerialisedError['code']): void;
  announce(notice: Notice): void;
  /** The phrase that Parley is called by, or null while it need not be called. */
  calledBy(): string | null;
  tools: Pick<AppTools, 'useSkills' | 'forResponder'>;
  /** What skills may change of the program. */
  controls: AppControls;
}

const ALARM_PERCENT = 60;

/** Where answers come from: the table of replies, the skills and what they keep, the language model; and what rings by itself. */
export class AppAnswers {
  readonly responder: ResponderChain;
  /** The language model alone, for who gives it every turn. */
  readonly model: Responder;
  /** Answers in another conversation than the app's own, with other tools. `isPlain`: the model alone, without table and skills. */
  readonly responderWith: (options: { tools: ToolBox; isPlain: boolean }) => Responder;
  /** The tools of the app, for another model than its own. */
  readonly modelTools: ResponderTools;
  /** The table of replies and the skills, and where they have no answer, somebody else's model. */
  readonly localFirst: (model: Responder) => ResponderChain;
  /** The voice at the pace that the user has asked for. */
  readonly voice: PacedVoice;
  /** The table of replies itself. */
  readonly cache: ReadyStage;
  /** The table of replies, for the windows. */
  readonly replies: AppReplies;
  readonly #alarmClock: AlarmClock;
  readonly #rendering: RenderAhead;
  readonly #store: SkillStore;
  #lastTurn: LastTurn | null = null;
  #isStarted = false;

  constructor(options: AppAnswersOptions) {
    const { clock, wallClock, logger } = options;
    const voice = new PacedVoice(options.tts);
    this.voice = voice;
    this.#store = openStore(options);
    const { controls } = options;
    const cache = (this.cache = new ReplyCache(everydayReplies, () => controls.connectedTools()));
    const newSkills = (): SkillSet =>
      new SkillSet({
        wallClock,
        skills: everydaySkills({
          store: this.#store,
          voice,
          controls,
          newId: randomUUID,
          random: Math.random,
          lastTurn: () => this.#lastTurn,
        }),
      });
    const skills = newSkills();
    this.replies = new AppReplies({ ...options, cache, skills });
    this.#rendering = new RenderAhead({
      texts: [],
      tts: options.tts,
      voice: () => {
        const identity = options.voice();
        return identity && { ...identity, speed: voice.speed };
      },
      files: new SpeechFiles({ folder: join(options.paths.cacheDir, 'speech') }),
      clock,
      logger,
      onRendered: () => this.replies.renderingChanged(),
    });
    voice.onChange(() => this.voiceChanged());
    const rendered = this.#rendering;
    this.replies.renderWith({
      ahead: rendered,
      voiceId: () => options.voice()?.voiceId ?? '',
      sentences: [...skills.sentences, ...TOOL_SENTENCES, CALLED_ANSWER],
    });
    options.tools.useSkills((userText) => skills.tryRespond({ userText, history: [] }));
    this.responderWith = ({ tools, isPlain }) => {
      const other = new LlmResponder({ llm: options.llm, logger, tools: { box: tools, clock, rendered } });
      if (isPlain) return other;
      const theirSkills = newSkills();
      return new ResponderChain({ stages: [theirSkills.followUps, cache, theirSkills], model: other, rendered });
    };
    const modelTools = options.tools.forResponder(rendered);
    // Whether it can use tools, the window is told of the language model of here only.
    this.modelTools = { ...modelTools, onModel: () => {} };
    const model = new LlmResponder({ llm: options.llm, logger, tools: modelTools });
    this.model = model;
    const stages = [new CalledStage(options.calledBy), skills.followUps, cache, skills];
    // Patterns are compiled when they are first used: 50 to 100 ms in all, which the first turn should not pay.
    for (const stage of stages)
      stage.tryRespond({ userText: 'twenty words or so about nothing that is known', history: [] });
    this.localFirst = (last) =>
      new ResponderChain({ stages, model: last, rendered, onAnswer: (answer) => this.replies.made(answer) });
    this.responder = this.localFirst(model);
    // Whoever has silenced Parley wants to be woken all the same.
    const announce = (notice: Notice): void => {
      options.announce({
        ...notice,
        respond: (given) => {
          if (controls.volumePercent() === 0) controls.setVolume(ALARM_PERCENT);
          return notice.respond(given);
        },
      });
    };
    const store = this.#store;
    this.#alarmClock = new AlarmClock({ store, wallClock, clock, logger, voice, rendered, announce });
  }

  /** From here on alarms ring and answers are rendered ahead: somebody can hear, and the engines are loaded. */
  start(): void {
    this.#isStarted = true;
    this.#alarmClock.start();
    this.#rendering.setIdle(true);
  }

  onFloor(floor: Floor): void {
    // Before that the engines are still being loaded, and "listening" only means that nobody speaks.
    if (this.#isStarted) this.#rendering.setIdle(floor === 'listening' || floor === 'off');
  }

  /** Another voice speaks from now on: what is rendered ahead is rendered in it. */
  voiceChanged(): void {
    this.#rendering.voiceChanged();
    this.replies.renderingChanged();
  }

  onLine(line: TranscriptLine): void {
    if (line.role === 'user') {
      if (line.status === 'final') this.#alarmClock.acknowledge();
    } else if (line.timing && line.answeredBy !== 'notice') {
      this.replies.heard(line);
      this.#lastTurn = { voiceToVoiceMs: line.timing.voiceToVoiceMs, answeredBy: line.answeredBy ?? null };
    }
  }

  close(): void {
    this.#alarmClock.close();
    this.#rendering.close();
    this.replies.close();
    this.#store.close();
  }
}

/** Without the file, skills work until the program ends, and the user is told. */
function openStore({ paths, logger, report }: AppAnswersOptions): SkillStore {
  try {
    return new SqliteSkillStore(join(paths.dataDir, 'skills.sqlite'));
  } catch (cause) {
    const error = ParleyError.from(cause, 'app');
    logger.error('timers, notes and lists cannot be kept', { error });
    report(error.serialise());
    return new SqliteSkillStore(':memory:');
  }
}
