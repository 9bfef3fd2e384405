import { AudioClient } from '../children/audio-client.ts';
import { ForkHost } from '../children/fork-host.ts';
import { SupervisedChild } from '../children/supervised-child.ts';
import type { AudioDevice } from '../contract/state.ts';
import { JsonLogger, logLevelFrom, stderrSink } from '../platform/json-logger.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';

/**
 * The sound card's devices, listed by an audio child of its own: PortAudio is never loaded here. Throws ParleyError when the
 * child cannot be started or finds nothing out.
 */
export async function listAudioDevices({ entriesDir }: { entriesDir: string }): Promise<AudioDevice[]> {
  const clock = new MonotonicClock();
  const sinks = [stderrSink(logLevelFrom(process.env['PARLEY_LOG'], 'silent'))];
  const logger = new JsonLogger({ sinks, now: () => new Date().toISOString() });
  const host = new ForkHost({ entriesDir });
  const child = new SupervisedChild({ name: 'audio', config: {}, host, clock, logger });
  const ignored = () => {};
  const client = new AudioClient({
    rpc: child,
    clock,
    events: {
      onCapture: ignored,
      onPlayback: ignored,
      onMicrophone: ignored,
      onDevicesChanged: ignored,
      onLevels: ignored,
    },
  });
  try {
    return await client.list();
  } finally {
    await client.close();
    await child.stop();
  }
}
