import { afterEach, expect, test } from 'vitest';
import { Cascade } from '../../main/cascade/cascade.ts';
import type { SerialisedError } from '../../main/contract/errors.ts';
import type { AgentLine, TranscriptLine } from '../../main/contract/state.ts';
import { defaultTurnConfig } from '../../main/domain/turn/config.ts';
import { Conversation } from '../../main/pipeline/conversation.ts';
import type { AudioBus } from '../../main/ports/audio-devices.ts';
import type { ToolBox } from '../../main/ports/tool.ts';
import { openaiRealtime } from '../../main/speech-to-speech/openai-realtime/openai-realtime.ts';
import { PacedOutput } from '../../main/speech-to-speech/server/paced-output.ts';
import { RealtimeServer } from '../../main/speech-to-speech/server/realtime-server.ts';
import { SpeechToSpeech } from '../../main/speech-to-speech/speech-to-speech.ts';
import { deafListener } from '../fakes/deaf-listener.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeTts } from '../fakes/fake-tts.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { ScriptedModel, ScriptedModelResponder } from '../fakes/scripted-model.ts';
import { CuttableProxy } from '../fixtures/cuttable-proxy.ts';

const TOKEN = 'only for this test';
const sameRate = () => Promise.resolve({ process: (pcm: Float32Array) => pcm, close() {} });
const noTools: ToolBox = { offers: () => [], call: () => Promise.reject(new Error('there are none')) };

/** A conversation with a model at the other end of a network, and a cascade here to fall back to. */
class Rig {
  readonly clock = new FakeClock(1000);
  readonly there = new ScriptedModel();
  readonly here = new ScriptedModel();
  readonly lines = new Map<string, TranscriptLine>();
  readonly failures: SerialisedError[] = [];
  readonly chosen: string[] = [];
  network!: CuttableProxy;
  conversation!: Conversation;
  #server!: RealtimeServer;

  static async start(): Promise<Rig> {
    const rig = new Rig();
    const { clock } = rig;
    rig.#server = await RealtimeServer.start({
      port: 0,
      token: TOKEN,
      architectureFor: ({ tools }) => rig.#cascade(rig.there, tools),
      modelName: 'cascade',
      clock,
      logger: new RecordingLogger(),
      openResampler: sameRate,
    });
    rig.network = await CuttableProxy.start(rig.#server.port);
    const baseUrl = `http://127.0.0.1:${rig.network.port}/v1`;
    const provider = openaiRealtime({ clock, baseUrl, apiKey: () => Promise.resolve(TOKEN), hasKey: () => true });
    const parts = { clock, logger: new RecordingLogger(), tts: new FakeTts(), tools: null, openResampler: sameRate };
    const output = new PacedOutput({
      clock,
      openResampler: sameRate,
      send() {},
      onPlayback: (progress) => rig.conversation.onPlayback(progress),
    });
    rig.conversation = new Conversation({
      architecture: new SpeechToSpeech({ ...parts, provider, instructions: '' }),
      fallback: rig.#cascade(rig.here, noTools),
      bus: output as unknown as AudioBus,
      inputMode: 'hands-free',
      stamp: () => '2026-01-01T00:00:00.000Z',
      events: {
        onFloor() {},
        onLine: (line) => void rig.lines.set(line.id, line),
        onLinesRemoved: (ids) => ids.forEach((id) => rig.lines.delete(id)),
        onFailure: (error) => void rig.failures.push(error),
        onArchitecture: ({ id }, isSwitching) => void (isSwitching || rig.chosen.push(id)),
      },
    });
    await rig.conversation.begin();
    return rig;
  }

  get answers(): AgentLine[] {
    return [...this.lines.values()].filter((line): line is AgentLine => line.role === 'agent');
  }

  /** Virtual time goes on until then, and what is under way between sockets of this machine arrives. */
  async until(condition: () => boolean): Promise<void> {
    const lastMs = this.clock.nowMs() + 60_000;
    while (!condition()) {
      if (this.clock.nowMs() > lastMs) throw new Error(`it never came to that: ${JSON.stringify(this.answers)}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      await this.clock.advanceAsync(40);
    }
  }

  async close(): Promise<void> {
    await this.conversation.close();
    await this.network.close();
    await this.#server.close();
  }

  #cascade(model: ScriptedModel, tools: ToolBox): Cascade {
    return new Cascade({
      listener: deafListener,
      responder: new ScriptedModelResponder(model, tools),
      tts: new FakeTts(),
      clock: this.clock,
      logger: new RecordingLogger(),
      config: () => defaultTurnConfig,
      maxHistoryChars: 4000,
    });
  }
}

let rig: Rig;
afterEach(() => rig.close());

async function cutInMidAnswer(): Promise<void> {
  rig = await Rig.start();
  rig.conversation.say('one');
  await rig.until(() => rig.answers[0]?.status === 'done');
  rig.conversation.say('two');
  await rig.until(() => (rig.answers[1]?.heardChars ?? 0) > 10);
  rig.network.cut();
  await rig.until(() => rig.answers[1]?.status === 'failed');
}

test('a network that is cut in mid-answer and comes back costs that answer and nothing else', async () => {
  await cutInMidAnswer();
  rig.network.mend();
  rig.conversation.say('three');
  await rig.until(() => rig.answers[2]?.status === 'done');
  expect(rig.answers.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
  expect(rig.conversation.architecture.id).toBe('openai-realtime');
  // The other end is told anew what was said and heard: not what was cut off.
  const { history, userText } = rig.there.requests.at(-1)!;
  expect(userText).toMatch(/three$/);
  const cut = rig.answers[1]!;
  expect(history[0]).toMatchObject({ user: 'one', heard: rig.answers[0]!.text });
  expect(history[1]).toMatchObject({ user: 'two', heard: cut.text.slice(0, cut.heardChars).trim() });
});

test('a network that stays away costs one answer: the cascade on this machine goes on by itself, and says why', async () => {
  await cutInMidAnswer();
  await rig.until(() => rig.chosen.includes('cascade'));
  expect(rig.failures.map(({ code }) => code)).toContain('endpoint-unreachable');
  rig.conversation.say('three');
  await rig.until(() => rig.answers[2]?.status === 'done');
  expect(rig.answers.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
  const cut = rig.answers[1]!;
  expect(rig.here.requests.at(-1)!.history).toMatchObject([
    { user: 'one', heard: rig.answers[0]!.text },
    { user: 'two', heard: cut.text.slice(0, cut.heardChars).trim() },
  ]);
});
