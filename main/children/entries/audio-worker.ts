import { raisePriority } from '../../audio/raise-priority.ts';
import { CaptureChain } from '../../audio/capture-chain/capture-chain.ts';
import { deviceLatency } from '../../audio/device-latency.ts';
import { listFreshDevices } from '../../audio/fresh-devices.ts';
import { PortAudioBus } from '../../audio/portaudio-bus.ts';
import { loadPortAudio } from '../../audio/portaudio-native.ts';
import { RnnoiseDenoiser } from '../../engines/denoise/rnnoise.ts';
import { MonotonicClock } from '../../platform/monotonic-clock.ts';
import { serveAudio } from '../audio-service.ts';
import { serveEngine } from '../serve-engine.ts';

raisePriority();

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
