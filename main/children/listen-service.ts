import type { Listener } from '../ports/listener.ts';
import type { RpcContext } from './rpc-peer.ts';
import type { NotifyApp, ServedEngine } from './serve-engine.ts';

/** Audio as it travels: frames that follow on one another, joined. */
export interface PushedAudio {
  startSample: number;
  samples: Float32Array;
}
export interface BegunUtterance {
  utteranceId: number;
  fromSample: number;
  measureVoice?: boolean | undefined;
}
export interface ReadRequest {
  utteranceId: number;
  toSample: number;
}

/** A listener as the `listen` child offers it; ListenClient is the other end. */
export function serveListener(
  listener: Listener,
  options: { notify: NotifyApp; close(): Promise<void> },
): ServedEngine {
  const stopListening = listener.onEvent((event) => options.notify('event', event));
  return {
    calls: {
      readUtterance: ({ utteranceId, toSample }: ReadRequest, { signal }: RpcContext) =>
        listener.readUtterance(utteranceId, toSample, { signal }),
      transcribe: async (pcm: Float32Array, { signal }: RpcContext) =>
        (await listener.transcribe?.(pcm, { signal })) ?? '',
    },
    notifications: {
      push: (audio: PushedAudio) => listener.push([audio]),
      beginUtterance: ({ utteranceId, fromSample, measureVoice = false }: BegunUtterance) =>
        listener.beginUtterance(utteranceId, fromSample, { measureVoice }),
      endUtterance: (utteranceId: number) => listener.endUtterance(utteranceId),
    },
    async close() {
      stopListening();
      await options.close();
    },
  };
}
