import { describe, expect, test } from 'vitest';
import { ListenClient } from '../../../main/children/listen-client.ts';
import type { PushedAudio } from '../../../main/children/listen-service.ts';
import type { RpcCallOptions, RpcClient } from '../../../main/children/rpc-peer.ts';

class RecordingRpc implements RpcClient {
  readonly sent: { method: string; params: unknown; options?: RpcCallOptions }[] = [];

  async call<T>(method: string, params: unknown, options?: RpcCallOptions): Promise<T> {
    this.sent.push({ method, params, ...(options ? { options } : {}) });
    return { text: 'hi', completeProbability: null } as T;
  }
  async *stream<T>(): AsyncGenerator<T, void, undefined> {}
  notify(method: string, params: unknown): void {
    this.sent.push({ method, params });
  }
  onNotify(): () => void {
    return () => {};
  }
}

const frame = (startSample: number, samples = 160) => ({
  startSample,
  samples: Float32Array.from({ length: samples }, (_, i) => startSample + i),
});

describe('client of the listen child', () => {
  test('sends audio when a window of the VAD is full, and no earlier', () => {
    const rpc = new RecordingRpc();
    const client = new ListenClient({ rpc });
    for (let i = 0; i < 100; i++) client.push([frame(i * 160)]);
    const pushed = rpc.sent.map(({ params }) => params as PushedAudio);
    expect(pushed.length).toBe(31);
    let next = 0;
    for (const { startSample, samples } of pushed) {
      expect(startSample).toBe(next);
      expect(samples[0]).toBe(startSample);
      expect(samples.at(-1)).toBe(startSample + samples.length - 1);
      next += samples.length;
      // At most one frame later than the window's end.
      expect(next % 512).toBeLessThan(160);
    }
  });

  test('sends all it has before it asks for a reading, which has a deadline', async () => {
    const rpc = new RecordingRpc();
    const client = new ListenClient({ rpc });
    client.push([frame(0), frame(160)]);
    client.beginUtterance(3, 0);
    await client.readUtterance(3, 320);
    client.endUtterance(3);
    expect(rpc.sent.map(({ method }) => method)).toEqual(['beginUtterance', 'push', 'readUtterance', 'endUtterance']);
    expect((rpc.sent[1]!.params as PushedAudio).samples.length).toBe(320);
    expect(rpc.sent[2]!.options?.timeoutMs).toBe(5000);
  });

  test('does not join frames that do not follow on one another', () => {
    const rpc = new RecordingRpc();
    const client = new ListenClient({ rpc });
    client.push([frame(0), frame(1000), frame(1160)]);
    client.push([frame(1320), frame(1480)]);
    const starts = rpc.sent.map(({ params }) => [
      (params as PushedAudio).startSample,
      (params as PushedAudio).samples.length,
    ]);
    expect(starts).toEqual([
      [0, 160],
      [1000, 160],
      [1160, 480],
    ]);
  });
});
