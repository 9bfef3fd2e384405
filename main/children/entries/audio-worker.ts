import { setPriority } from 'node:os';
import { CaptureChain } from '../../audio/capture-chain/capture-chain.ts';
import { deviceLatency } from '../../audio/device-latency.ts';
import { listFreshDevices } from '../../audio/fresh-devices.ts';
import { PortAudioBus } from '../../audio/portaudio-bus.ts';
import { loadPortAudio } from '../../audio/portaudio-native.ts';
import { RnnoiseDenoiser } from '../../engines/denoise/rnnoise.ts';
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
    makeBus: async (hooks) =>
      PortAudioBus.create({
        ...hooks,
        chain: await CaptureChain.create({
          loadDenoiser: () => RnnoiseDenoiser.load(),
          onState: (state) => hooks.events.onChain?.(state),
        }),
        native: loadPortAudio(),
        clock: new MonotonicClock(),
        latency: deviceLatency(process.env),
        listFresh: listFreshDevices,
      }),
  }),
);
