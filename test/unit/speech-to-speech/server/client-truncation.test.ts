import { expect, test } from 'vitest';
import { Cascade } from '../../../../main/cascade/cascade.ts';
import { defaultTurnConfig } from '../../../../main/domain/turn/config.ts';
import { RealtimeConnection } from '../../../../main/speech-to-speech/server/realtime-connection.ts';
import { deafListener } from '../../../fakes/deaf-listener.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeTts } from '../../../fakes/fake-tts.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { ScriptedModel, ScriptedModelResponder } from '../../../fakes/scripted-model.ts';

test('a client that has played less than was counted here is believed: the model knows no more than that was heard', async () => {
  const clock = new FakeClock(1000);
  const model = new ScriptedModel();
  const events: { type: string; item_id?: string }[] = [];
  let ids = 0;
  const connection = new RealtimeConnection({
    architectureFor: ({ tools }) =>
      new Cascade({
        listener: deafListener,
        responder: new ScriptedModelResponder(model, tools),
        tts: new FakeTts(),
        clock,
        logger: new RecordingLogger(),
        config: () => defaultTurnConfig,
        maxHistoryChars: 4000,
      }),
    modelName: 'cascade',
    clock,
    openResampler: () => Promise.resolve({ process: (pcm) => pcm, close() {} }),
    newId: () => String(++ids),
    send: (json) => void events.push(JSON.parse(json) as { type: string; item_id?: string }),
    onFailed() {},
  });
  const ask = async (text: string): Promise<void> => {
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
    connection.receive(JSON.stringify({ type: 'conversation.item.create', item }));
    connection.receive(JSON.stringify({ type: 'response.create' }));
    await clock.advanceAsync(2000);
  };
  await ask('one');
  const { item_id } = events.find(({ type }) => type === 'response.output_audio.delta')!;
  const truncate = { type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 600 };
  connection.receive(JSON.stringify(truncate));
  await clock.advanceAsync(500);
  await ask('two');
  expect(events.filter(({ type }) => type === 'error')).toEqual([]);
  // Two words of 300 ms, where some seven had been counted.
  expect(model.requests[1]!.history).toMatchObject([{ user: 'one', heard: 'You said' }]);
  await connection.close();
});
