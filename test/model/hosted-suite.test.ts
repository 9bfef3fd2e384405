import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { FakeOpenAiServer, type Behaviour } from '../fakes/fake-openai-server.ts';
import { missingModels, RealApp } from '../fixtures/real-app.ts';
import { hostedProviders, type HostedProvider } from '../hosted/providers.ts';
import { hasFailed, resultLines } from '../hosted/report.ts';
import { runHosted } from '../hosted/run-hosted.ts';
import { SCENES } from '../hosted/scenes.ts';

const why = missingModels();
if (why) console.log(`skipped: ${why}`);

const KEY = 'a token that only this test knows';
const SUITE_LIMIT_MS = 300_000;

/** A model that knows what the suite asks; without tools it makes the weather up. */
function scripted({ usesTools }: { usesTools: boolean }): Behaviour {
  const say = (content: string): Behaviour => ({ type: 'deltas', deltas: [{ content }] });
  return {
    type: 'by-request',
    choose({ messages }) {
      const { role, content } = messages.at(-1)!;
      if (role === 'tool')
        return say(/fog/.test(content) ? 'There is thick fog, and seventeen degrees. ' : 'Nobody knows. ');
      if (/weather/i.test(content) && usesTools) {
        const call = { name: 'weather', arguments: '{"city":"Oslo"}' };
        return {
          type: 'deltas',
          deltas: [{ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] }],
        };
      }
      if (/story/i.test(content))
        return say(`Once upon a time. ${'The fox ran on and on, and nobody saw it. '.repeat(7)}`);
      if (/plus/i.test(content)) return say('That is four. ');
      if (/onward/i.test(content)) return say('Onward. ');
      const isKnown = messages.some((message) => /Nice to meet you, Ada/.test(message.content));
      if (/name/i.test(content)) return say(isKnown ? 'You are called Ada. ' : 'Nobody told me. ');
      return say('It is yellow. ');
    },
  };
}

/** It is pointed at our own Realtime server, as at any server by URL: what is shown is that the suite works, with real ears and a real voice. */
describe.skipIf(why)('the suite for hosted models, against our own Realtime server', () => {
  let model: FakeOpenAiServer;
  let app: RealApp;
  let providers: HostedProvider[];
  const clock = new MonotonicClock();

  beforeAll(async () => {
    model = await FakeOpenAiServer.start();
    app = await RealApp.start({ settings: { endpoint: { url: model.baseUrl, model: 'script' } } });
    const { baseUrl } = await app.app.realtime.serve({ port: 0, token: KEY });
    providers = hostedProviders({ PARLEY_REALTIME_URL: baseUrl, PARLEY_REALTIME_KEY: KEY }, clock);
  });
  afterAll(async () => {
    await app?.close();
    await model?.stop();
  });

  test(
    'every scene passes there, and vendors without a key are skipped and said to be',
    async () => {
      model.behaviour = scripted({ usesTools: true });
      const results = await runHosted(providers, { clock, say: console.log });
      const table = resultLines(results);
      console.log(table.join('\n'));
      expect(results.map(({ skipped }) => skipped)).toEqual([
        'no key in OPENAI_API_KEY',
        'no key in GEMINI_API_KEY',
        'no key in ULTRAVOX_API_KEY',
        null,
      ]);
      expect(results.at(-1)!.scenes).toEqual(Object.fromEntries(SCENES.map((scene) => [scene, null])));
      expect(hasFailed(results)).toBe(false);
      expect(table.find((line) => line.includes('Ultravox'))).toContain('skipped: no key in ULTRAVOX_API_KEY');
    },
    SUITE_LIMIT_MS,
  );
});
