import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AudioClient } from '../../main/children/audio-client.ts';
import { BrowserBus } from '../../main/audio/browser-bus.ts';
import { SwitchingBus } from '../../main/audio/switching-bus.ts';
import { WavBus } from '../../main/audio/wav-bus.ts';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import type { AudioBusEvents } from '../../main/ports/audio-devices.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeAudioChild } from '../fakes/fake-audio-child.ts';
import { ScriptedBrowser } from '../fakes/scripted-browser.ts';
import { audioBusContract, RecordedEvents, type AudioBusHarness } from './audio-bus-contract.ts';

const DEFAULTS = { inputId: null, outputId: null };

/** Listens to the output meter instead of the file: half a wave of a 300 Hz tone is far shorter than its 50 ms window. */
function meteredLoudness(events: RecordedEvents): () => number {
  let at = 0;
  return () => {
    const dbfs = events.levels.slice(at).reduce((loudest, { outputDbfs }) => Math.max(loudest, outputDbfs), -100);
    at = events.levels.length;
    return dbfs <= -99 ? 0 : 10 ** (dbfs / 20) * Math.SQRT2;
  };
}

async function wavHarness(
  wrap: (events: RecordedEvents, make: (events: AudioBusEvents) => WavBus) => Promise<AudioBusHarness['bus']>,
) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-bus-'));
  const clock = new FakeClock();
  const events = new RecordedEvents();
  const outputPath = path.join(folder, 'out.wav');
  const bus = await wrap(events, (inner) => new WavBus({ events: inner, clock, outputPath }));
  const harness: AudioBusHarness = {
    bus,
    events,
    advance: (ms) => clock.advanceAsync(ms),
    loudest: meteredLoudness(events),
    async dispose() {
      await bus.close();
      await readWavFile(outputPath);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return harness;
}

audioBusContract('WAV files', () =>
  wavHarness(async (events, make) => {
    const bus = make(events);
    await bus.open(DEFAULTS);
    return bus;
  }),
);

audioBusContract('a switching bus over WAV files', () =>
  wavHarness(async (events, make) => {
    const bus = new SwitchingBus({ events });
    await bus.switchTo('file', make);
    return bus;
  }),
);

audioBusContract('a browser', async () => {
  const clock = new FakeClock();
  const events = new RecordedEvents();
  const browser = new ScriptedBrowser(clock);
  const bus = new BrowserBus({ events, peer: browser, clock });
  browser.connect(bus);
  await bus.open(DEFAULTS);
  const loudest = () => browser.loudest();
  return { bus, events, advance: (ms) => clock.advanceAsync(ms), loudest, dispose: () => bus.close() };
});

audioBusContract('the audio child on fake devices', async () => {
  const clock = new FakeClock();
  const events = new RecordedEvents();
  const child = new FakeAudioChild(clock);
  const bus = new AudioClient({ rpc: child, clock, events });
  const opening = bus.open(DEFAULTS);
  let isOpen = false;
  void opening.then(() => (isOpen = true));
  while (!isOpen) await clock.advanceAsync(20);
  const loudest = () => child.devices.loudest();
  return { bus, events, advance: (ms) => clock.advanceAsync(ms), loudest, dispose: () => bus.close() };
});
