import type { PlannedSpan } from './turn-spans.ts';

/** Where spans and figures go. Calls return at once and never throw: telemetry must not cost a turn. */
export interface Telemetry {
  /** Returns the id of its trace (32 hexadecimal digits). */
  span(span: PlannedSpan): string;
  voiceToVoice(durationMs: number, labels: { architecture: string }): void;
  tokens(count: number, labels: { architecture: string; type: 'input' | 'output' }): void;
  childRestarted(child: string): void;
  /** Sends what waits, for at most two seconds. */
  close(): Promise<void>;
}

/** What of the environment decides, by the names of the OpenTelemetry specification. */
export interface TelemetrySettings {
  /** May speech and prompts be told? */
  capturesContent: boolean;
}

/** Undefined: nobody wants to know, which is the default. Everything else of `OTEL_*` is read by the exporters themselves. */
export function telemetrySettings(env: Record<string, string | undefined>): TelemetrySettings | undefined {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || env.OTEL_SDK_DISABLED === 'true') return undefined;
  return { capturesContent: env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT === 'true' };
}
