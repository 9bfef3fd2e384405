import type { PulseFixture } from '../../fixtures/pulse.ts';
import type { PulseRecording } from '../../fixtures/pulse-recording.ts';
import { ProcessMeter } from '../process/process-meter.ts';
import { ProductProcess, type ProductOptions } from '../product/product-process.ts';
import { WindowClient } from '../product/window-client.ts';
import { LoudspeakerWatch } from '../wire/loudspeaker-watch.ts';

const METER_INTERVAL_MS = 500;
/** After the start, before anything is measured. */
const SETTLE_SECONDS = 2;

/** One run of the app, recorded from its start to its end. */
export interface Session {
  pulse: PulseFixture;
  product: ProductProcess;
  client: WindowClient;
  recording: PulseRecording;
  watch: LoudspeakerWatch;
  meter: ProcessMeter;
}

/** What speaking and scoring need of a session: any program that opens the default devices can be spoken to. */
export type SpokenTo = Pick<Session, 'pulse' | 'recording' | 'watch'> & {
  product: Pick<ProductProcess, 'isRunning'>;
  meter: Pick<ProcessMeter, 'look'>;
  /** What can press the stop button, if there is one. */
  client?: Pick<WindowClient, 'command'>;
};

export interface SessionOptions {
  pulse: PulseFixture;
  product: ProductOptions;
  /** Told of what has to be closed when the bench is stopped; returns what says that it was closed. */
  keepTrack(close: () => Promise<void>): () => void;
}

/** Starts the app, lets `use` talk to it, and ends it, whatever happens. */
export async function withSession<T>(options: SessionOptions, use: (session: Session) => Promise<T>): Promise<T> {
  const { pulse } = options;
  const recording = pulse.record();
  const watch = new LoudspeakerWatch(pulse.sampleRateHz);
  recording.onChunk((chunk) => watch.push(chunk));
  const open: { product?: ProductProcess; client?: WindowClient; timer?: NodeJS.Timeout } = {};
  const close = async (): Promise<void> => {
    clearInterval(open.timer);
    open.client?.close();
    await open.product?.stop();
    await recording.stop();
  };
  const closed = options.keepTrack(close);
  try {
    const product = (open.product = await ProductProcess.start(options.product));
    const client = (open.client = await WindowClient.connect(product.url));
    const meter = new ProcessMeter(product.pid);
    // Only for the peak of memory.
    open.timer = setInterval(() => meter.look(), METER_INTERVAL_MS);
    await recording.more(SETTLE_SECONDS);
    return await use({ pulse, product, client, recording, watch, meter });
  } finally {
    await close();
    closed();
  }
}
