import { AudioClient } from '../children/audio-client.ts';
import { ForkHost } from '../children/fork-host.ts';
import { SupervisedChild } from '../children/supervised-child.ts';
import type { EchoTestResult } from '../contract/capture-chain.ts';
import type { AudioDevice } from '../contract/state.ts';
import { JsonLogger, logLevelFrom, stderrSink } from '../platform/json-logger.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';

/** The sound card's devices. Throws ParleyError when the child cannot be started or finds nothing out. */
export function listAudioDevices(options: { entriesDir: string }): Promise<AudioDevice[]> {
  return withAudioChild(options, (client) => client.list());
}

/** Plays sound for 6 s on the system's own devices and says what comes back. Throws ParleyError when a device is missing. */
export function testAudioDevices(options: { entriesDir: string }): Promise<EchoTestResult> {
  return withAudioChild(options, async (client) => {
    await client.open({ inputId: null, outputId: null });
    return client.testEcho();
  });
}

/** Uses an audio child of its own: PortAudio is never loaded here. */
async function withAudioChild<T>(
  { entriesDir }: { entriesDir: string },
  use: (client: AudioClient) => Promise<T>,
): Promise<T> {
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
    return await use(client);
  } finally {
    await client.close();
    await child.stop();
  }
}
