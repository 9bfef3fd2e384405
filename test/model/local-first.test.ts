import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { missingModels, RealApp } from '../fixtures/real-app.ts';

const why = missingModels();
if (why) console.log(`skipped: test/model/local-first: ${why}`);

const TOKEN = 'a token that only this test knows';
const VARIABLES = ['PARLEY_REALTIME_URL', 'PARLEY_REALTIME_KEY'] as const;
afterEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});

/** A server of the Realtime protocol stands for the vendor; it is ours, with a scripted model, and hears what the app sends it. */
test.skipIf(why)(
  'by voice, a skill answers first, and what it cannot answer a Realtime server does, as sound',
  async () => {
    const model = await FakeOpenAiServer.start();
    model.behaviour = { type: 'deltas', deltas: [{ content: 'Cats sleep for sixteen hours a day. ' }] };
    const endpoint = { url: model.baseUrl, model: 'script' };
    const elsewhere = await RealApp.start({ settings: { endpoint } });
    const { baseUrl } = await elsewhere.app.realtime.serve({ port: 0, token: TOKEN });
    process.env.PARLEY_REALTIME_URL = baseUrl;
    process.env.PARLEY_REALTIME_KEY = TOKEN;
    const app = await RealApp.start({
      inputPath: join(import.meta.dirname, '../fixtures/audio/tell-me-about-cats.wav'),
      settings: { endpoint, localFirst: true, architectureId: 'openai-realtime' },
    });
    try {
      await app.until(() => app.answers(({ status }) => status === 'done').length === 1);
      app.say('what time is it');
      await app.until(() => app.answers(({ status }) => status === 'done').length === 2);
      const answers = app.answers(() => true);
      expect(answers.map(({ answeredBy, architecture }) => [answeredBy, architecture?.id])).toEqual([
        ['model', 'openai-realtime'],
        ['skill', 'openai-realtime'],
      ]);
      expect(answers[0]!.text).toBe('Cats sleep for sixteen hours a day.');
      // The words that the other end has recognised in the sound that it was sent.
      expect(model.requests.at(-1)!.body.messages.at(-1)!.content).toMatch(/about cats/i);
    } finally {
      await app.close();
      await elsewhere.close();
      await model.stop();
    }
  },
);
