import type { PortAudioBusOptions } from '../../main/audio/portaudio-bus.ts';
import { PortAudioBus } from '../../main/audio/portaudio-bus.ts';
import type { AudioChild } from '../../main/children/audio-client.ts';
import { serveAudio } from '../../main/children/audio-service.ts';
import { linkedPair, type MessageLink } from '../../main/children/message-link.ts';
import { RpcPeer, type RpcCallOptions } from '../../main/children/rpc-peer.ts';
import { serveEngineOver } from '../../main/children/serve-engine.ts';
import type { ParleyError } from '../../main/contract/errors.ts';
import type { ChildStatus } from '../../main/contract/state.ts';
import { describeDevices, readDevices } from '../../main/audio/portaudio-devices.ts';
import type { FakeClock } from './fake-clock.ts';
import { FakePortAudio } from './fake-port-audio.ts';

/** The audio child in this process: its real worker code over an in-memory link, on fake devices and a fake clock. */
export class FakeAudioChild implements AudioChild {
  readonly #clock: FakeClock;
  readonly #listeners = new Set<(status: ChildStatus) => void>();
  readonly #notified: [string, (params: unknown) => void][] = [];
  #peer: RpcPeer | undefined;
  #link: MessageLink | undefined;
  status: ChildStatus = 'stopped';
  error: ParleyError | undefined;
  starts = 0;
  /** The devices of the child that runs; a new process sees those of `names`. */
  devices: FakePortAudio;
  names: string[] = ['default', 'headset'];

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.devices = new FakePortAudio(clock);
  }

  async start(): Promise<void> {
    if (this.#peer) return;
    this.starts++;
    this.devices = new FakePortAudio(this.#clock, this.names);
    const native = this.devices;
    const [near, far] = linkedPair();
    this.#link = near;
    const hooks = { native, clock: this.#clock, latency: { prepare() {}, settle() {}, playbackMs: () => 40 } };
    const listFresh = () => Promise.resolve(describeDevices(readDevices(new FakePortAudio(this.#clock, this.names))));
    const makeBus = (own: Pick<PortAudioBusOptions, 'events' | 'onBroken'>) =>
      PortAudioBus.create({ ...own, ...hooks, listFresh });
    const ready = Promise.withResolvers<void>();
    near.onMessage((message) => {
      if ((message as { type?: string }).type === 'child:ready') ready.resolve();
    });
    this.#peer = new RpcPeer(near, { stage: 'audio', clock: this.#clock });
    for (const [method, listener] of this.#notified) this.#peer.onNotify(method, listener);
    serveEngineOver(far, { stage: 'audio', config: {}, load: (_config, notify) => serveAudio({ notify, makeBus }) });
    await ready.promise;
    this.#enter('ready');
  }

  stop(): Promise<void> {
    this.#end('stopped');
    return Promise.resolve();
  }

  /** Dies and is started again by its supervisor. */
  async crash(): Promise<void> {
    this.#end('restarting');
    await this.start();
  }

  /** Dies for good. */
  giveUp(error: ParleyError): void {
    this.error = error;
    this.#end('failed');
  }

  call<T>(method: string, params: unknown, options?: RpcCallOptions): Promise<T> {
    return this.#peer!.call<T>(method, params, options);
  }

  stream<T>(): AsyncIterable<T> {
    throw new Error('the audio child has no streams');
  }

  notify(method: string, params: unknown): void {
    this.#peer?.notify(method, params);
  }

  onNotify(method: string, listener: (params: unknown) => void): () => void {
    this.#notified.push([method, listener]);
    return this.#peer?.onNotify(method, listener) ?? (() => {});
  }

  onStatus(listener: (status: ChildStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #end(status: ChildStatus): void {
    this.#peer?.close();
    this.#peer = undefined;
    this.#link?.close();
    this.#enter(status);
  }

  #enter(status: ChildStatus): void {
    this.status = status;
    for (const listener of this.#listeners) listener(status);
  }
}
