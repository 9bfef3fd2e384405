import { setPriority } from 'node:os';
import { deviceLatency } from '../../audio/device-latency.ts';
import { listFreshDevices } from '../../audio/fresh-devices.ts';
import { PortAudioBus } from '../../audio/portaudio-bus.ts';
import { loadPortAudio } from '../../audio/portaudio-native.ts';
import { MonotonicClock } from '../../platform/monotonic-clock.ts';
import { serveAudio } from '../audio-service.ts';
import { serveEngine } from '../serve-engine.ts';

/** As sound servers do. Inference on every core must not make holes in what it has said. PortAudio's threads inherit it. */
const NICENESS = -11;

for (const thread of [0, process.pid]) {
  try {
    setPriority(thread, NICENESS);
  } catch {
    // Allowed to few users on Linux; then the device's own buffer has to do.
  }
}

serveEngine('audio', (_config: unknown, notify) =>
  serveAudio({
    notify,
    makeBus: (hooks) =>
      PortAudioBus.create({
        ...hooks,
        native: loadPortAudio(),
        clock: new MonotonicClock(),
        latency: deviceLatency(process.env),
        listFresh: listFreshDevices,
      }),
  }),
);
