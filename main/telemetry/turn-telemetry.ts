import { randomUUID } from 'node:crypto';
import type { AnswerUsage } from '../contract/speech-to-speech.ts';
import type { AppState, TranscriptLine } from '../contract/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { WallClock } from '../ports/wall-clock.ts';
import { telemetrySettings, type Telemetry, type TelemetrySettings } from './telemetry.ts';
import { turnSpans } from './turn-spans.ts';

export interface TurnTelemetryOptions {
  telemetry: Telemetry;
  settings: TelemetrySettings;
  wallClock: WallClock;
  /** Of now. */
  state(): AppState;
  /** What these turns are part of. Default: nothing that there is a name for. */
  run?: TelemetryRun | undefined;
}

/** Something of which turns are parts and which wants to find their traces: a cell of an evaluation. */
export interface TelemetryRun {
  /** Of every turn's span. */
  attributes: Readonly<Record<string, string | number>>;
  /** The answer's line, and where what happened in it can be seen. */
  onTurn(turn: { lineId: string; traceId: string }): void;
}

/** Answers that may change after they have ended, and are not to be told twice. */
const REMEMBERED = 64;

/** Tells the telemetry of turns when they end, and of children when they restart, from what windows are told. */
export class TurnTelemetry {
  readonly #options: TurnTelemetryOptions;
  readonly #conversationId = randomUUID();
  readonly #told: string[] = [];
  readonly #userTexts = new Map<string, string>();
  readonly #restarts = new Map<string, number>();

  constructor(options: TurnTelemetryOptions) {
    this.#options = options;
  }

  onLine(line: TranscriptLine): void {
    const { telemetry, settings, wallClock, state, run } = this.#options;
    if (line.role === 'user') {
      if (settings.capturesContent && line.status === 'final') this.#remember(line.turnId, line.text);
      return;
    }
    const hasEnded = line.status === 'failed' || line.timing !== null;
    if (!hasEnded || this.#told.includes(line.id)) return;
    this.#told.push(line.id);
    if (this.#told.length > REMEMBERED) this.#told.shift();
    const turn = turnSpans({
      line,
      content: settings.capturesContent
        ? { user: this.#userTexts.get(line.turnId) ?? '', heard: line.text.slice(0, line.heardChars) }
        : null,
      engines: state().engines,
      conversationId: this.#conversationId,
      endedAtMs: wallClock.epochMs(),
    });
    const traceId = telemetry.span({ ...turn, attributes: { ...turn.attributes, ...run?.attributes } });
    run?.onTurn({ lineId: line.id, traceId });
    const voiceToVoiceMs = line.timing?.voiceToVoiceMs ?? null;
    if (voiceToVoiceMs !== null)
      telemetry.voiceToVoice(voiceToVoiceMs, { architecture: line.architecture?.id ?? 'unknown' });
  }

  /** By a provider's own meter; what the engines of this machine read and write is not counted. */
  onUsage(architecture: string, { inputTokens, outputTokens }: AnswerUsage): void {
    const { telemetry } = this.#options;
    telemetry.tokens(inputTokens, { architecture, type: 'input' });
    telemetry.tokens(outputTokens, { architecture, type: 'output' });
  }

  onState({ children }: Pick<AppState, 'children'>): void {
    for (const { name, restarts } of children) {
      const before = this.#restarts.get(name) ?? 0;
      for (let count = before; count < restarts; count++) this.#options.telemetry.childRestarted(name);
      this.#restarts.set(name, restarts);
    }
  }

  close(): Promise<void> {
    return this.#options.telemetry.close();
  }

  #remember(turnId: string, text: string): void {
    this.#userTexts.set(turnId, text);
    if (this.#userTexts.size > REMEMBERED) this.#userTexts.delete(this.#userTexts.keys().next().value as string);
  }
}

/** Undefined unless the environment asks for it; nothing of OpenTelemetry is loaded then. */
export async function openTurnTelemetry(
  options: Omit<TurnTelemetryOptions, 'telemetry' | 'settings'> & {
    env: Record<string, string | undefined>;
    clock: Clock;
    logger: Logger;
  },
): Promise<TurnTelemetry | undefined> {
  const { env, clock, logger } = options;
  const settings = telemetrySettings(env);
  if (!settings) return undefined;
  try {
    const { otlpTelemetry } = await import('./otlp-telemetry.ts');
    return new TurnTelemetry({
      ...options,
      settings,
      telemetry: otlpTelemetry({ clock, traceparent: env.TRACEPARENT }),
    });
  } catch (error) {
    logger.error('telemetry could not be opened', { error });
    return undefined;
  }
}
