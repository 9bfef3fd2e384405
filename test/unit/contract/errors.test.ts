import { describe, expect, it } from 'vitest';
import { errorCodeSchema, ParleyError, serialisedErrorSchema, stageSchema } from '../../../main/contract/errors.ts';

describe('error codes', () => {
  // Records on disk and clients of other versions hold these: add at will, rename or remove with a migration only.
  it('are these', () => {
    expect([...errorCodeSchema.options].sort()).toMatchInlineSnapshot(`
      [
        "audio-file-bad",
        "bad-command",
        "bad-input",
        "call-timeout",
        "cancelled",
        "child-exited",
        "child-gave-up",
        "child-start-timeout",
        "child-unresponsive",
        "contract-mismatch",
        "device-lost",
        "disk-full",
        "endpoint-rate-limited",
        "endpoint-refused",
        "endpoint-unreachable",
        "engine-failed",
        "evaluation-runs",
        "internal",
        "microphone-blocked",
        "microphone-muted",
        "model-corrupt",
        "model-missing",
        "model-source-failed",
        "model-unknown",
        "model-unsupported",
        "no-device",
        "not-authorised",
        "not-built",
        "not-running",
        "nothing-heard",
        "port-in-use",
        "prompt-too-long",
        "queue-closed",
        "replies-file-bad",
        "unknown-device",
      ]
    `);
    expect([...stageSchema.options].sort()).toMatchInlineSnapshot(`
      [
        "app",
        "audio",
        "listen",
        "models",
        "speak",
        "think",
        "tool",
        "transport",
      ]
    `);
  });
});

describe('ParleyError', () => {
  it('keeps code, stage, detail and retryable over JSON, and loses only its cause', () => {
    const error = new ParleyError({
      code: 'device-lost',
      stage: 'audio',
      detail: 'USB',
      retryable: true,
      cause: new Error('x'),
    });
    const copy = ParleyError.deserialise(serialisedErrorSchema.parse(JSON.parse(JSON.stringify(error.serialise()))));
    expect(copy).toBeInstanceOf(ParleyError);
    expect(copy.serialise()).toEqual(error.serialise());
    expect(copy.cause).toBeUndefined();
  });

  it('leaves the blame with the first stage that knew', () => {
    const first = new ParleyError({ code: 'engine-failed', stage: 'speak' });
    expect(ParleyError.from(first, 'app')).toBe(first);
    expect(ParleyError.from('text', 'app')).toMatchObject({ code: 'internal', stage: 'app', message: 'text' });
  });
});
