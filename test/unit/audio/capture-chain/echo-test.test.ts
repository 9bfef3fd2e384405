import { describe, expect, test } from 'vitest';
import { CaptureChain } from '../../../../main/audio/capture-chain/capture-chain.ts';
import { EchoTest, testSoundAt } from '../../../../main/audio/capture-chain/echo-test.ts';
import { DEFAULT_CAPTURE_CHAIN, type EchoTestResult } from '../../../../main/contract/capture-chain.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { echoOf, throughChain } from '../../../fixtures/echo-room.ts';

const HZ = 16_000;
const SECONDS = 7;

async function testRoom(room: { delayMs: number; echoDb: number }, echoCancellation = true): Promise<EchoTestResult> {
  const settings = { ...DEFAULT_CAPTURE_CHAIN, echoCancellation };
  const chain = await CaptureChain.create({ settings, loadDenoiser: () => Promise.reject(new Error()), onState() {} });
  const echoTest = new EchoTest({ chain, clock: new FakeClock() });
  const far16 = Float32Array.from({ length: SECONDS * HZ }, (_, i) => testSoundAt(i / HZ));
  const near = echoOf(far16, room);
  throughChain(
    {
      farEnd: {
        write(block) {
          echoTest.addTo(block, 3 * HZ);
          chain.farEnd.write(block);
        },
      },
      process: (frame) => chain.process(frame),
    },
    { far48: new Float32Array(3 * SECONDS * HZ), near },
  );
  const result = await echoTest.result;
  chain.close();
  return result;
}

describe('the test of the room', () => {
  test.each([
    { delayMs: 60, echoDb: -20 },
    { delayMs: 120, echoDb: -6 },
  ])('finds an echo of $echoDb dB after $delayMs ms that can be cancelled', async (room) => {
    const result = await testRoom(room);
    expect(result.verdict).toBe('cancelled');
    expect(Math.abs(result.roundTripMs! - room.delayMs)).toBeLessThan(12);
    expect(Math.abs(result.echoDb! - room.echoDb)).toBeLessThan(3);
    expect(result.erleDb).toBeGreaterThan(15);
  });

  test('says that a room needs half duplex when the echo stays', async () => {
    const result = await testRoom({ delayMs: 80, echoDb: -6 }, false);
    expect(result.verdict).toBe('half-duplex');
    expect(result.erleDb).toBeCloseTo(0, 0);
  });

  test('says that nothing comes back to a microphone that does not hear the loudspeaker', async () => {
    expect(await testRoom({ delayMs: 80, echoDb: -90 })).toMatchObject({ verdict: 'no-echo', erleDb: null });
  });

  test('ends when no sound comes', async () => {
    const clock = new FakeClock();
    const chain = await CaptureChain.create({ loadDenoiser: () => Promise.reject(new Error()), onState() {} });
    const echoTest = new EchoTest({ chain, clock });
    const outcome = expect(echoTest.result).rejects.toMatchObject({ code: 'device-lost' });
    clock.advance(15_000);
    await outcome;
    chain.close();
  });
});
