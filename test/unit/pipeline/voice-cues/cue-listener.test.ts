import { expect, it } from 'vitest';
import { CueListener } from '../../../../main/pipeline/voice-cues/cue-listener.ts';
import type { Listener, ListenerEvent } from '../../../../main/ports/listener.ts';

function rig({ isOn = true } = {}) {
  const order: string[] = [];
  const begun: unknown[] = [];
  const listeners: ((event: ListenerEvent) => void)[] = [];
  const listener: Listener = {
    push: () => {},
    beginUtterance: (...args) => void begun.push(args[2]),
    readUtterance: () => Promise.resolve({ text: 'read', completeProbability: null, voice: null }),
    endUtterance: () => {},
    onEvent: (each) => {
      listeners.push(each);
      return () => {};
    },
  };
  const cued = new CueListener({
    listener,
    isOn: () => isOn,
    onHeard: ({ text }) => order.push(`heard ${text}`),
    onClaim: (utteranceId, { label }) => order.push(`${utteranceId} claimed ${label}`),
    onMissing: (part, { code }) => order.push(`without ${part}: ${code}`),
  });
  cued.onEvent((event) => event.type === 'partial' && order.push(`told ${event.text}`));
  const partial = { type: 'partial', utteranceId: 1, text: 'words', stableChars: 0, endSample: 0 } as const;
  return { cued, order, begun, emit: (event: ListenerEvent) => listeners.forEach((each) => each(event)), partial };
}

it('knows how the words of a pause sounded before anybody can begin an answer with them', () => {
  const { order, emit, partial } = rig();
  emit({ ...partial, voice: null });
  expect(order).toEqual(['heard words', 'told words']);
});

it('has nothing measured and hears nothing while it is off', async () => {
  const { cued, order, begun, emit, partial } = rig({ isOn: false });
  cued.beginUtterance(1, 0);
  emit({ ...partial, voice: null });
  await cued.readUtterance(1, 0);
  expect(begun).toEqual([{ measureVoice: false }]);
  expect(order).toEqual(['told words']);
});

it('says what is judged without', () => {
  const { order, emit } = rig();
  const error = { code: 'model-missing', stage: 'listen', retryable: false, message: '' } as const;
  emit({ type: 'voice-part-missing', part: 'speaker-encoder', error });
  expect(order).toEqual(['without speaker-encoder: model-missing']);
});

it('hands on what another engine claims of an utterance', () => {
  const { order, emit } = rig();
  emit({ type: 'claim', utteranceId: 4, claim: { engine: 'Tiny', label: 'happy' } });
  expect(order).toEqual(['4 claimed happy']);
});
