import { describe, expect, it } from 'vitest';
import { RenderAhead } from '../../../../main/cascade/reply-cache/render-ahead.ts';
import type { SpeechAudio, SpeechIdentity } from '../../../../main/cascade/reply-cache/speech-files.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeTts } from '../../../fakes/fake-tts.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

class MemoryFiles {
  files = new Map<string, SpeechAudio>();
  async read(identity: SpeechIdentity): Promise<SpeechAudio | null> {
    return this.files.get(JSON.stringify(identity)) ?? null;
  }
  async has(identity: SpeechIdentity): Promise<boolean> {
    return this.files.has(JSON.stringify(identity));
  }
  async write(identity: SpeechIdentity, audio: SpeechAudio): Promise<void> {
    this.files.set(JSON.stringify(identity), audio);
  }
}

function rendering(texts: string[]) {
  const clock = new FakeClock();
  const tts = new FakeTts();
  const files = new MemoryFiles();
  const voice = { voiceId: 'hum', weightsSha256: 'ab', speed: 1 };
  const ahead = new RenderAhead({ texts, tts, voice: () => voice, files, clock, logger: new RecordingLogger() });
  return { clock, tts, files, voice, ahead };
}

describe('rendering ahead', () => {
  it('waits until it has been quiet, then renders every clause once', async () => {
    const { ahead, clock, tts } = rendering(['Hello.', 'Good morning.', 'Hello.']);
    await clock.advanceAsync(10_000);
    expect(tts.spoken).toEqual([]);
    ahead.setIdle(true);
    await clock.advanceAsync(2000);
    expect(tts.spoken).toEqual([]);
    await clock.advanceAsync(10_000);
    expect(tts.spoken).toEqual(['Hello.', 'Good morning.']);
    expect((await ahead.find('Hello.'))?.pcm.length).toBeGreaterThan(0);
    expect(await ahead.find('Never heard.')).toBeNull();
    expect(clock.pendingCount, 'no timer once all is rendered').toBe(0);
  });

  it('gives the voice up at once when somebody speaks, and goes on later', async () => {
    const { ahead, clock, tts } = rendering(['One two three.', 'Four five six.']);
    tts.holdNext(1);
    ahead.setIdle(true);
    await clock.advanceAsync(3000);
    expect(tts.spoken).toEqual(['One two three.']);
    ahead.setIdle(false);
    await clock.advanceAsync(60_000);
    expect(tts.spoken).toHaveLength(1);
    expect(await ahead.find('One two three.')).toBeNull();
    ahead.setIdle(true);
    await clock.advanceAsync(10_000);
    expect(tts.spoken.slice(1)).toEqual(['One two three.', 'Four five six.']);
  });

  it('rests between two clauses for many times what the last one took, but not for ever', async () => {
    const { ahead, clock, tts } = rendering(['One.', 'Two.', 'Three.']);
    const release = tts.holdNext(0);
    ahead.setIdle(true);
    await clock.advanceAsync(3000);
    await clock.advanceAsync(100);
    release();
    await clock.advanceAsync(1400);
    expect(tts.spoken).toEqual(['One.']);
    await clock.advanceAsync(200);
    expect(tts.spoken).toEqual(['One.', 'Two.', 'Three.']);
    const slow = rendering(['One.', 'Two.']);
    const releaseSlow = slow.tts.holdNext(0);
    slow.ahead.setIdle(true);
    await slow.clock.advanceAsync(3000);
    await slow.clock.advanceAsync(60_000);
    releaseSlow();
    await slow.clock.advanceAsync(4100);
    expect(slow.tts.spoken).toEqual(['One.', 'Two.']);
  });

  it('tries again a minute after the voice failed', async () => {
    const { ahead, clock, tts } = rendering(['Hello.']);
    tts.failNext(new Error('no voice'));
    ahead.setIdle(true);
    await clock.advanceAsync(30_000);
    expect(tts.spoken).toHaveLength(1);
    await clock.advanceAsync(60_000);
    expect(tts.spoken).toHaveLength(2);
  });

  it('renders again for another pace, and finds only what was made for it', async () => {
    const { ahead, clock, tts, voice } = rendering(['Hello.']);
    ahead.setIdle(true);
    await clock.advanceAsync(10_000);
    voice.speed = 0.8;
    expect(await ahead.find('Hello.')).toBeNull();
    ahead.voiceChanged();
    await clock.advanceAsync(10_000);
    expect(tts.spoken).toHaveLength(2);
    expect(await ahead.find('Hello.')).not.toBeNull();
  });

  it('leaves nothing behind when closed', async () => {
    const { ahead, clock, tts } = rendering(['Hello.']);
    ahead.setIdle(true);
    ahead.close();
    ahead.setIdle(false);
    ahead.setIdle(true);
    await clock.advanceAsync(60_000);
    expect(tts.spoken).toEqual([]);
    expect(clock.pendingCount).toBe(0);
  });
});
