import { z } from 'zod';

/** Where in a turn something went wrong. Shown to the user, so a stage is a thing they can recognise. */
export const stageSchema = z.enum(['audio', 'listen', 'think', 'speak', 'tool', 'models', 'transport', 'app']);
export type Stage = z.infer<typeof stageSchema>;

/** Every code an error of ours can have. Pinned by a test: renaming one breaks records and translations. */
export const errorCodeSchema = z.enum([
  'child-start-timeout',
  'child-exited',
  'child-unresponsive',
  'child-gave-up',
  'call-timeout',
  'cancelled',
  'bad-input',
  'bad-command',
  'contract-mismatch',
  'not-authorised',
  'unknown-device',
  'no-device',
  'device-lost',
  'microphone-blocked',
  'audio-file-bad',
  'model-missing',
  'model-corrupt',
  'model-unknown',
  'model-unsupported',
  'model-source-failed',
  'engine-failed',
  'disk-full',
  'prompt-too-long',
  'endpoint-unreachable',
  'endpoint-refused',
  'endpoint-rate-limited',
  'queue-closed',
  'port-in-use',
  'not-built',
  'not-running',
  'replies-file-bad',
  'evaluation-runs',
  'nothing-heard',
  'microphone-muted',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

export const serialisedErrorSchema = z.object({
  code: errorCodeSchema,
  stage: stageSchema,
  message: z.string(),
  retryable: z.boolean(),
  detail: z.string().optional(),
});
/** A ParleyError as it crosses a process or network boundary, where class and prototype are lost. */
export type SerialisedError = z.infer<typeof serialisedErrorSchema>;

export interface ParleyErrorOptions {
  code: ErrorCode;
  stage: Stage;
  /** For engineers; what the user reads is made from the code (error-words.ts). Never contains speech, prompts or keys. */
  message?: string;
  /** True when doing the same thing again can succeed. Default false. */
  retryable?: boolean;
  /** The thing it happened to, safe to show: a file name, a device name, a model id. */
  detail?: string;
  cause?: unknown;
}

/** The only error type that crosses module boundaries in Parley. */
export class ParleyError extends Error {
  readonly code: ErrorCode;
  readonly stage: Stage;
  readonly retryable: boolean;
  readonly detail: string | undefined;

  constructor(options: ParleyErrorOptions) {
    super(options.message ?? options.code, { cause: options.cause });
    this.name = 'ParleyError';
    this.code = options.code;
    this.stage = options.stage;
    this.retryable = options.retryable ?? false;
    this.detail = options.detail;
  }

  serialise(): SerialisedError {
    return {
      code: this.code,
      stage: this.stage,
      message: this.message,
      retryable: this.retryable,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    };
  }

  static deserialise(data: SerialisedError): ParleyError {
    return new ParleyError(data);
  }

  /** Wraps anything thrown; a ParleyError passes unchanged, so the first stage that knew keeps the blame. */
  static from(cause: unknown, stage: Stage, code: ErrorCode = 'internal'): ParleyError {
    if (cause instanceof ParleyError) return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new ParleyError({ code, stage, message, cause });
  }
}
