import { expect, test } from 'vitest';
import { SwitchingBus } from '../../../../main/audio/switching-bus.ts';
import { AudioClient, type AudioChild } from '../../../../main/children/audio-client.ts';
import {
  DEFAULT_CAPTURE_CHAIN,
  type CaptureChainSettings,
  type CaptureChainState,
} from '../../../../main/contract/capture-chain.ts';
import type { ChildStatus } from '../../../../main/contract/state.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const QUIET: CaptureChainSettings = { ...DEFAULT_CAPTURE_CHAIN, duplex: 'half' };

/** Notes what it is told, in its order. */
class NotingChild implements AudioChild {
  readonly told: string[] = [];
  readonly #listeners = new Map<string, (params: never) => void>();
  #onStatus: (status: ChildStatus) => void = () => {};
  status: ChildStatus = 'stopped';

  start(): Promise<void> {
    this.status = 'ready';
    return Promise.resolve();
  }
  stop(): Promise<void> {
    this.status = 'stopped';
    return Promise.resolve();
  }
  onStatus(listener: (status: ChildStatus) => void): () => void {
    this.#onStatus = listener;
    return () => {};
  }
  enter(status: ChildStatus): void {
    this.status = status;
    this.#onStatus(status);
  }
  call<T>(method: string): Promise<T> {
    this.told.push(method);
    return Promise.resolve(null as T);
  }
  stream<T>(): AsyncIterable<T> {
    throw new Error('the audio child has no streams');
  }
  notify(method: string, params: unknown): void {
    this.told.push(
      method === 'setCaptureChain' ? `chain ${(params as { settings: CaptureChainSettings }).settings.duplex}` : method,
    );
  }
  onNotify(method: string, listener: (params: never) => void): () => void {
    this.#listeners.set(method, listener);
    return () => {};
  }
  report(method: string, params: unknown): void {
    this.#listeners.get(method)?.(params as never);
  }
}

async function busOverChild(): Promise<{ bus: SwitchingBus; child: NotingChild; states: CaptureChainState[] }> {
  const states: CaptureChainState[] = [];
  const ignored = () => {};
  const bus = new SwitchingBus({
    events: {
      onCapture: ignored,
      onPlayback: ignored,
      onMicrophone: ignored,
      onDevicesChanged: ignored,
      onLevels: ignored,
      onChain: (state) => states.push(state),
    },
  });
  const child = new NotingChild();
  bus.setCaptureChain(QUIET);
  await bus.switchTo('portaudio', (events) => new AudioClient({ rpc: child, clock: new FakeClock(), events }));
  return { bus, child, states };
}

test('the chain is set before a device is opened, so that no frame goes past it', async () => {
  const { child } = await busOverChild();
  expect(child.told).toEqual(['chain half', 'open']);
});

test('a child that was restarted gets the settings of the one before', async () => {
  const { bus, child } = await busOverChild();
  bus.setCaptureChain({ ...QUIET, duplex: 'full' });
  child.enter('restarting');
  child.told.length = 0;
  child.enter('ready');
  await Promise.resolve();
  await Promise.resolve();
  expect(child.told.slice(0, 2)).toEqual(['chain full', 'open']);
});

test('what the chain says is told on', async () => {
  const { child, states } = await busOverChild();
  child.report('chain', { state: { halfDuplex: true } });
  expect(states).toEqual([{ halfDuplex: true }]);
});
