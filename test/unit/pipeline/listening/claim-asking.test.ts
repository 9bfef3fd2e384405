import { expect, it } from 'vitest';
import { deferred, type Deferred } from '../../../../main/lib/deferred.ts';
import { AudioRing } from '../../../../main/pipeline/listening/audio-ring.ts';
import { ClaimAsking } from '../../../../main/pipeline/listening/claim-asking.ts';
import type { VoiceClaim } from '../../../../main/ports/voice-cues.ts';
import { settle } from '../../../fakes/fake-clock.ts';

const happy: VoiceClaim = { engine: 'Tiny', label: 'happy', confidence: 0.9 };

function rig() {
  const asked: { samples: number; answer: Deferred<VoiceClaim> }[] = [];
  const told: unknown[] = [];
  let closed = 0;
  const claimant = {
    claim(pcm: Float32Array) {
      const answer = deferred<VoiceClaim>();
      asked.push({ samples: pcm.length, answer });
      return answer.promise;
    },
    close: async () => void closed++,
  };
  const ring = new AudioRing(30 * 16_000);
  ring.write(0, new Float32Array(20 * 16_000).fill(0.1));
  const asking = new ClaimAsking({
    claimant: () => claimant,
    ring,
    onClaim: (utteranceId, claim) => told.push([utteranceId, claim]),
    onFailure: ({ code }) => told.push(code),
  });
  return { asking, asked, told, closed: () => closed };
}

it('asks for the last seconds of an utterance, and tells what is claimed of it', async () => {
  const { asking, asked, told } = rig();
  asking.ask(7, { fromSample: -100, toSample: 16_000 });
  asked[0]!.answer.resolve(happy);
  await settle();
  asking.ask(8, { fromSample: 0, toSample: 20 * 16_000 });
  expect(asked.map(({ samples }) => samples)).toEqual([16_000, 8 * 16_000]);
  expect(told).toEqual([[7, happy]]);
});

it('lets an utterance go that ends while the one before is judged: claims never queue', async () => {
  const { asking, asked, told } = rig();
  for (const id of [1, 2, 3]) asking.ask(id, { fromSample: 0, toSample: 16_000 });
  expect(asked).toHaveLength(1);
  asked[0]!.answer.resolve(happy);
  await settle();
  asking.ask(4, { fromSample: 0, toSample: 16_000 });
  expect(asked).toHaveLength(2);
  expect(told).toEqual([[1, happy]]);
});

it('gives one up that failed, once and for all', async () => {
  const { asking, asked, told, closed } = rig();
  asking.ask(1, { fromSample: 0, toSample: 16_000 });
  asked[0]!.answer.reject(new Error('no'));
  await settle();
  asking.ask(2, { fromSample: 0, toSample: 16_000 });
  expect(told).toEqual(['engine-failed']);
  expect(asked).toHaveLength(1);
  expect(closed()).toBe(1);
});
