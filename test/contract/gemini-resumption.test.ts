import { expect, test } from 'vitest';
import { geminiLive } from '../../main/speech-to-speech/gemini-live/gemini-live.ts';
import type { RemoteEvent } from '../../main/speech-to-speech/remote-voice.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { ScriptedVendor } from '../fakes/scripted-vendor.ts';

test('a session that cannot be gone on with is begun anew with what was said and heard', async () => {
  const clock = new FakeClock();
  const vendor = await ScriptedVendor.start(clock);
  vendor.play(new URL('../fixtures/s2s/gemini/handle-refused.jsonl', import.meta.url));
  const events: RemoteEvent['type'][] = [];
  const apiKey = (): Promise<string> => Promise.resolve('k');
  const connection = await geminiLive({ clock, baseUrl: vendor.baseUrl, apiKey, hasKey: () => true }).connect({
    instructions: 'Be short.',
    history: [{ user: 'I am Ada.', heard: 'Hello Ada.' }],
    tools: [],
    turnTaking: 'provider',
    onEvent: ({ type }) => events.push(type),
  });
  // Its last line: the history comes again.
  await vendor.played;
  await connection.close();
  await vendor.stop();
  expect(events).toEqual([]);
});
