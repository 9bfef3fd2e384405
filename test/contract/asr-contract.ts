import { describe, expect, test } from 'vitest';
import { ParleyError } from '../../main/contract/errors.ts';
import type { Asr } from '../../main/ports/asr.ts';

export interface AsrSubject {
  asr: Asr;
  /** A few spoken words, 16 kHz. */
  speech: Float32Array;
  /** What the recogniser makes of them. */
  heard: RegExp;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

/** What every recogniser behind the port does. `open` gives one for each test, which the test closes. */
export function asrContract(name: string, open: () => Promise<AsrSubject>): void {
  describe(`recogniser contract: ${name}`, () => {
    const withAsr = (behaviour: string, body: (subject: AsrSubject) => Promise<void>) =>
      test(behaviour, async () => {
        const subject = await open();
        try {
          await body(subject);
        } finally {
          await subject.asr.close();
        }
      });

    withAsr('hears what is said', async ({ asr, speech, heard }) => {
      const { text } = await asr.transcribe(speech);
      expect(text).toMatch(heard);
      expect(text).toBe(text.trim());
    });

    withAsr('hears nothing in silence', async ({ asr }) => {
      expect((await asr.transcribe(new Float32Array(16_000))).text).toBe('');
    });

    withAsr('hears nothing in a moment that is too short for a word', async ({ asr, speech }) => {
      expect((await asr.transcribe(speech.slice(0, 100))).text).toBe('');
    });

    withAsr('gives the same text when it is handed its own draft', async ({ asr, speech, heard }) => {
      const draft = await asr.transcribe(speech.slice(0, speech.length / 2));
      expect((await asr.transcribe(speech, { draft })).text).toMatch(heard);
    });

    withAsr('refuses no audio, and audio that is no numbers', async ({ asr, speech }) => {
      expect(await codeOf(asr.transcribe(new Float32Array(0)))).toBe('bad-input');
      const broken = speech.slice();
      broken[1000] = Number.NaN;
      expect(await codeOf(asr.transcribe(broken))).toBe('bad-input');
    });

    withAsr('does not begin when the signal is aborted already', async ({ asr, speech }) => {
      expect(await codeOf(asr.transcribe(speech, { signal: AbortSignal.abort() }))).toBe('cancelled');
    });

    withAsr('stops on abort and is ready for the next call', async ({ asr, speech, heard }) => {
      const abort = new AbortController();
      const code = codeOf(asr.transcribe(speech, { signal: abort.signal }));
      abort.abort();
      expect(await code).toBe('cancelled');
      expect((await asr.transcribe(speech)).text).toMatch(heard);
    });

    withAsr('reports a deadline that was given through the signal', async ({ asr, speech }) => {
      const deadline = new AbortController();
      const code = codeOf(asr.transcribe(speech, { signal: deadline.signal }));
      deadline.abort(new ParleyError({ code: 'call-timeout', stage: 'listen' }));
      expect(await code).toBe('call-timeout');
    });

    withAsr('answers two calls made at once, each with its own text', async ({ asr, speech, heard }) => {
      const [spoken, silent] = await Promise.all([asr.transcribe(speech), asr.transcribe(new Float32Array(16_000))]);
      expect(spoken.text).toMatch(heard);
      expect(silent.text).toBe('');
    });

    withAsr('closes twice, and takes no call afterwards', async ({ asr, speech }) => {
      await asr.close();
      await asr.close();
      expect(await codeOf(asr.transcribe(speech))).toBe('queue-closed');
    });
  });
}
