import type { TelemetryRun } from '../telemetry/turn-telemetry.ts';
import type { Listener } from '../ports/listener.ts';
import type { Llm } from '../ports/llm.ts';
import type { ToolSource } from '../ports/tool.ts';
import type { Responder } from '../ports/responder.ts';
import type { Tts } from '../ports/tts.ts';

export interface SceneEngines {
  listener: Listener;
  llm: Llm;
  tts: Tts;
}

/** What an app is given for an evaluation beside what it has itself. */
export interface Scene {
  /** What the language model is told to be. */
  instructions?: string | undefined;
  /** Offered beside its own tools. */
  tools?: ToolSource | undefined;
  /** Breaks a stage on purpose. */
  engines?(engines: SceneEngines): SceneEngines;
  /** What the turns' traces are told to be part of, where there are any (docs/telemetry.md). */
  telemetry?: TelemetryRun | undefined;
  /** Stands before everything that makes the words of an answer: table, skills and model. */
  responder?(responder: Responder): Responder;
}
