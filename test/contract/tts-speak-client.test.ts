import { expect, test } from 'vitest';
import { linkedPair } from '../../main/children/message-link.ts';
import { RpcPeer } from '../../main/children/rpc-peer.ts';
import { SPEAK_CHUNK_DEADLINE_MS, SpeakClient } from '../../main/children/speak-client.ts';
import { serveVoice } from '../../main/children/speak-service.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeTts } from '../fakes/fake-tts.ts';

async function connected() {
  const clock = new FakeClock();
  const [appEnd, childEnd] = linkedPair();
  const engine = new FakeTts({ sampleRateHz: 22_050 });
  const child = new RpcPeer(childEnd, { stage: 'speak', handlers: serveVoice(engine), clock });
  const app = new RpcPeer(appEnd, { stage: 'speak', clock });
  return { clock, engine, child, voice: await SpeakClient.connect(app) };
}

test('knows the rate of the voice in the child', async () => {
  const { voice } = await connected();
  expect(voice.sampleRateHz).toBe(22_050);
});

test('gives a silent child up after the deadline of a chunk', async () => {
  const { clock, engine, voice } = await connected();
  engine.holdNext(1);
  const chunks = voice.synthesize({ text: 'one two three' })[Symbol.asyncIterator]();
  expect((await chunks.next()).value?.length).toBeGreaterThan(0);
  const next = chunks.next().then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );
  clock.advance(SPEAK_CHUNK_DEADLINE_MS - 1);
  clock.advance(2);
  expect(await next).toBe('call-timeout');
});

test('an engine failure in the child keeps its code and stage', async () => {
  const { engine, voice } = await connected();
  engine.failNext(new Error('deep inside'), 1);
  const speaking = (async () => {
    for await (const _ of voice.synthesize({ text: 'one two three' }));
  })();
  await expect(speaking).rejects.toMatchObject({ code: 'engine-failed', stage: 'speak' });
});

test('a child that dies in mid-clause ends the clause with its reason', async () => {
  const { engine, child, voice } = await connected();
  engine.holdNext(1);
  const chunks = voice.synthesize({ text: 'one two three' })[Symbol.asyncIterator]();
  await chunks.next();
  const next = chunks.next();
  child.close();
  await expect(next).rejects.toMatchObject({ code: 'child-exited' });
});
