import { connect } from 'node:net';
import { join } from 'node:path';
import { RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import { MoonshineAsr } from '../../main/engines/asr/moonshine.ts';
import { fromPcm16, toPcm16 } from '../../main/lib/pcm16.ts';
import { FakeOpenAiServer, type Behaviour } from '../fakes/fake-openai-server.ts';
import { missingModels, modelsDir, RealApp } from '../fixtures/real-app.ts';
import { TalkingClient } from '../fixtures/talking-client.ts';

const why = missingModels();
if (why) console.log(`skipped: ${why}`);

const TOKEN = 'a token that only this test knows';
const clip = (name: string): string => join(import.meta.dirname, '../fixtures/audio', name);
const INSTRUCTIONS = 'You know all about animals.';
const CATS = 'Cats sleep for sixteen hours a day.';
const STORY = `Once upon a time there was a cat. ${'It slept and slept, and then it went for a walk in the garden. '.repeat(4)}`;

/** A model that looks cats up before it speaks of them, and tells a long story the second time. */
function scripted(): Behaviour {
  const say = (content: string): Behaviour => ({ type: 'deltas', deltas: [{ content }] });
  let questions = 0;
  return {
    type: 'by-request',
    choose({ messages }) {
      if (messages[0]!.content.includes(INSTRUCTIONS) === false) return say('Nobody told me who I am.');
      if (messages.at(-1)!.role === 'tool') return say(`${CATS} `);
      if (++questions > 1) return say(STORY);
      const call = { name: 'look_up', arguments: '{"animal":"cat"}' };
      return {
        type: 'deltas',
        deltas: [{ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] }],
      };
    },
  };
}

/** Resolves when `condition` holds; asked whenever something has come. */
class Watch {
  #look: () => void = () => {};

  changed(): void {
    this.#look();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#look = resolve));
  }
}

/** Real ears, real voice, real children; the model is a script, since the starter model cannot use tools. */
describe.skipIf(why)('clients of the Realtime endpoint that others wrote', () => {
  let model: FakeOpenAiServer;
  let app: RealApp;
  let baseUrl: string;
  let asr: MoonshineAsr;
  let talking: TalkingClient | undefined;

  beforeAll(async () => {
    model = await FakeOpenAiServer.start();
    app = await RealApp.start({ settings: { endpoint: { url: model.baseUrl, model: 'script' } } });
    ({ baseUrl } = await app.app.realtime.serve({ port: 0, token: TOKEN }));
    asr = await MoonshineAsr.open({ modelDir: join(modelsDir, 'moonshine-tiny-en') });
  });
  afterEach(() => talking?.stop());
  afterAll(async () => {
    await app?.close();
    await model?.stop();
    await asr?.close();
  });

  async function heard(pcm16: Buffer[]): Promise<string> {
    const samples = fromPcm16(Buffer.concat(pcm16));
    return (await asr.transcribe(await resampleWhole(samples, { inputRateHz: 24_000, outputRateHz: 16_000 }))).text;
  }

  test('the openai package talks, answers a tool call, and interrupts', async () => {
    model.behaviour = scripted();
    const client = new OpenAI({ apiKey: TOKEN, baseURL: baseUrl });
    const { port } = new URL(baseUrl);
    // It only takes wss: addresses; on this machine there is nothing to encrypt.
    const options = { createConnection: () => connect(Number(port), '127.0.0.1') } as object;
    const realtime = new OpenAIRealtimeWS({ model: 'cascade', options }, client);
    const events: RealtimeServerEvent[] = [];
    const errors: unknown[] = [];
    const watch = new Watch();
    realtime.on('error', (error) => void errors.push(error));
    realtime.on('event', (event) => {
      events.push(event);
      watch.changed();
    });
    const of = <T extends RealtimeServerEvent['type']>(type: T) =>
      events.filter((event): event is Extract<RealtimeServerEvent, { type: T }> => event.type === type);
    const sound = (): Buffer[] => of('response.output_audio.delta').map(({ delta }) => Buffer.from(delta, 'base64'));

    await watch.until(() => of('session.created').length > 0);
    const parameters = { type: 'object', properties: { animal: { type: 'string' } } };
    realtime.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        instructions: INSTRUCTIONS,
        tools: [{ type: 'function', name: 'look_up', description: 'Facts about an animal.', parameters }],
      },
    });
    talking = new TalkingClient((samples) =>
      realtime.send({ type: 'input_audio_buffer.append', audio: toPcm16(samples).toString('base64') }),
    );
    await talking.say(clip('tell-me-about-cats.wav'));
    await watch.until(() => of('response.function_call_arguments.done').length > 0);
    const call = of('response.function_call_arguments.done')[0]!;
    expect([call.name, call.arguments]).toEqual(['look_up', '{"animal":"cat"}']);
    await watch.until(() => of('response.done').length === 1);
    const item = { type: 'function_call_output', call_id: call.call_id, output: CATS } as const;
    realtime.send({ type: 'conversation.item.create', item });
    realtime.send({ type: 'response.create' });
    await watch.until(() => of('response.done').length === 2);
    const [asked] = of('conversation.item.input_audio_transcription.completed');
    expect(asked!.transcript).toMatch(/about cats/i);
    expect(await heard(sound())).toMatch(/sleep for (sixteen|16) hours/i);

    const before = sound().length;
    await talking.say(clip('tell-me-about-cats.wav'));
    await watch.until(() => sound().length > before + 10);
    await talking.say(clip('stop-wait.wav'));
    await watch.until(() => of('response.done').length === 3);
    const ended = of('response.done').at(-1)!;
    expect(ended.response.status).toBe('cancelled');
    const spokenMs = Buffer.concat(sound().slice(before)).length / 48;
    const storyMs = STORY.length * 50;
    expect(spokenMs).toBeLessThan(storyMs / 2);
    const { item_id } = of('response.output_audio.delta').at(-1)!;
    realtime.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 500 });
    await watch.until(() => of('conversation.item.truncated').length > 0);
    expect(errors).toEqual([]);
    realtime.close();
  });

  test('@openai/agents-realtime talks, answers a tool call, and interrupts', async () => {
    model.behaviour = scripted();
    const lookedUp: string[] = [];
    const lookUp = tool({
      name: 'look_up',
      description: 'Facts about an animal.',
      parameters: z.object({ animal: z.string() }),
      execute: ({ animal }) => {
        lookedUp.push(animal);
        return CATS;
      },
    });
    const agent = new RealtimeAgent({ name: 'zoo', instructions: INSTRUCTIONS, tools: [lookUp] });
    const session = new RealtimeSession(agent, { transport: 'websocket', model: 'cascade', tracingDisabled: true });
    const watch = new Watch();
    const sound: Buffer[] = [];
    const errors: unknown[] = [];
    let interruptions = 0;
    let answers = 0;
    session.on('error', ({ error }) => void errors.push(error));
    session.on('audio', ({ data }) => {
      sound.push(Buffer.from(data));
      watch.changed();
    });
    session.on('audio_interrupted', () => {
      interruptions++;
      watch.changed();
    });
    session.on('transport_event', ({ type }) => {
      if (type === 'response.done') answers++;
      watch.changed();
    });
    await session.connect({ apiKey: TOKEN, url: `${baseUrl.replace('http', 'ws')}/realtime?model=cascade` });
    talking = new TalkingClient((samples) => session.sendAudio(new Uint8Array(toPcm16(samples)).buffer));
    await talking.say(clip('tell-me-about-cats.wav'));
    await watch.until(() => answers === 2);
    expect(lookedUp).toEqual(['cat']);
    expect(await heard(sound.splice(0))).toMatch(/sleep for (sixteen|16) hours/i);

    await talking.say(clip('tell-me-about-cats.wav'));
    await watch.until(() => sound.length > 10);
    await talking.say(clip('stop-wait.wav'));
    await watch.until(() => answers === 3);
    expect(interruptions).toBeGreaterThan(0);
    expect(Buffer.concat(sound).length / 48).toBeLessThan(STORY.length * 25);
    expect(errors).toEqual([]);
    session.close();
  });
});
