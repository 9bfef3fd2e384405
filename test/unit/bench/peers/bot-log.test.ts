import { expect, test } from 'vitest';
import { botEvent } from '../../../bench/peers/pipecat/bot-log.ts';

test("Pipecat's turn ends are read from its lines, among what its libraries print", () => {
  expect(botEvent('{"event": "turn-end", "at": 12.5}')).toEqual({ event: 'turn-end', at: 12.5 });
  expect(botEvent('{"event": "understood", "at": 12.4, "text": "Hello."}')).toMatchObject({ text: 'Hello.' });
  expect(botEvent('ALSA lib pcm.c:8570:(snd_pcm_recover) underrun occurred')).toBeUndefined();
  expect(botEvent('{not json')).toBeUndefined();
  expect(botEvent('{"event": "something-new", "at": 1}')).toBeUndefined();
});
