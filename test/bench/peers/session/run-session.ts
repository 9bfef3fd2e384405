import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { WavWriter } from '../../../../main/audio/wav-writer.ts';
import type { PulseFixture } from '../../../fixtures/pulse.ts';
import type { PulseRecording } from '../../../fixtures/pulse-recording.ts';
import type { PlannedClip } from '../../clips/clip-sets.ts';
import { cpuBetween, ProcessMeter, total } from '../../process/process-meter.ts';
import { converse, type Conversation, type ScoredClip } from '../../session/conversation.ts';
import type { PlayedClip } from '../../session/play-clips.ts';
import { LoudspeakerWatch } from '../../wire/loudspeaker-watch.ts';
import { sessionName, type PlannedSession } from '../plan.ts';
import type { PeerProduct } from './peer-product.ts';
import type { PeerClip, PeerSessionResult } from './session-result.ts';

const METER_INTERVAL_MS = 500;
const SETTLE_SECONDS = 2;
const BYTES_PER_MB = 1024 * 1024;

export interface RunSessionOptions {
  session: PlannedSession;
  clips: readonly PlannedClip[];
  pulse: PulseFixture;
  idleSeconds: number;
  startProduct(): Promise<PeerProduct>;
  /** Of the shared model's server, if this product uses it. */
  serverPid: number | undefined;
  keepFolder: string | undefined;
  /** Told of what has to be closed when the bench is stopped; returns what says that it was closed. */
  keepTrack(close: () => Promise<void>): () => void;
  say(line: string): void;
}

/** Starts a product, speaks the clips to it and scores the recording of both wires. The product is ended, whatever happens. */
export async function runSession(options: RunSessionOptions): Promise<PeerSessionResult> {
  const { session, clips, pulse, say } = options;
  const at = new Date().toISOString();
  const fromMs = performance.now();
  const loadAverage = loadavg();
  const recording = pulse.record();
  const watch = new LoudspeakerWatch(pulse.sampleRateHz);
  recording.onChunk((chunk) => watch.push(chunk));
  const open: { product?: PeerProduct; timer?: NodeJS.Timeout } = {};
  const close = async (): Promise<void> => {
    clearInterval(open.timer);
    await open.product?.stop();
    await recording.stop();
  };
  const closed = options.keepTrack(close);
  try {
    const product = (open.product = await options.startProduct());
    const meter = new ProcessMeter(product.pid);
    const server = options.serverPid === undefined ? undefined : new ProcessMeter(options.serverPid);
    open.timer = setInterval(() => [meter.look(), server?.look()], METER_INTERVAL_MS);
    await recording.more(SETTLE_SECONDS);
    const idle = await idleOf({ seconds: options.idleSeconds, meter, recording });
    const serverCpu = new Map<string, number>();
    let before = server?.look();
    const onPlayed = ({ clip }: PlayedClip, isAnswered: boolean): void => {
      say(`    ${clip.id}: ${isAnswered ? 'answered' : 'no answer'}`);
      if (!server || !before) return;
      // Between two clips nobody asks the server anything.
      const after = server.look();
      serverCpu.set(clip.id, total(cpuBetween(before, after)));
      before = after;
    };
    const spokenTo = { pulse, product, meter, recording, watch, ...(product.client && { client: product.client }) };
    const conversation = await converse(spokenTo, { clips, onPlayed });
    if (options.keepFolder) await keep(options.keepFolder, { session, conversation, product });
    const requests = new Set(clips.filter((_, i) => clips[i + 1]?.kind === 'barge').map(({ id }) => id));
    return {
      session,
      planned: clips.map(({ id }) => id),
      at,
      loadAverage,
      tookSeconds: Math.round((performance.now() - fromMs) / 1000),
      coldStartMs: product.coldStartMs,
      idle,
      peakRssMb: {
        product: meter.peakRssBytes / BYTES_PER_MB,
        server: server ? server.peakRssBytes / BYTES_PER_MB : null,
      },
      clips: conversation.clips.map((clip) => peerClip(clip, { product, recording, serverCpu, requests })),
      lost: conversation.lost,
    };
  } finally {
    await close();
    closed();
  }
}

async function idleOf(options: {
  seconds: number;
  meter: ProcessMeter;
  recording: PulseRecording;
}): Promise<PeerSessionResult['idle']> {
  const { meter, recording } = options;
  const before = meter.look();
  const from = recording.length;
  await recording.more(options.seconds);
  const seconds = (recording.length - from) / recording.sampleRateHz;
  return { seconds, cpuPercent: (total(cpuBetween(before, meter.look())) / seconds) * 100 };
}

function peerClip(
  clip: ScoredClip,
  options: {
    product: PeerProduct;
    recording: PulseRecording;
    serverCpu: ReadonlyMap<string, number>;
    requests: ReadonlySet<string>;
  },
): PeerClip {
  const { product, recording, serverCpu, requests } = options;
  const { sampleRateHz } = recording;
  const { placed, score, planned, played, nextSample } = clip;
  const positionAt = (atMs: number): number => recording.positionAt(atMs);
  const voiceToVoiceMs = score.kind === 'hold' ? null : score.voiceToVoiceMs;
  const toMs = (samples: number): number => (samples / sampleRateHz) * 1000;
  return {
    ...score,
    source: planned.source,
    isRequest: requests.has(placed.id),
    speechMs: toMs(placed.endSample - placed.startSample),
    slipMs: clip.slipMs,
    cpuSeconds: total(cpuBetween(played.usageBefore, played.usageAfter)),
    serverCpuSeconds: serverCpu.get(placed.id) ?? null,
    turnEndsMs: product
      .turnEndsMs()
      .map(positionAt)
      .filter((at) => at >= placed.startSample && at < nextSample)
      .map((at) => toMs(at - placed.endSample)),
    answeredBy:
      voiceToVoiceMs === null
        ? null
        : product.answeredBy({
            sample: placed.endSample + (voiceToVoiceMs / 1000) * sampleRateHz,
            sampleRateHz,
            positionAt,
          }),
  };
}

/** `<folder>/<session>/session.wav` (left: microphone, right: loudspeaker), `turns.json` (where each clip lies, in seconds) and what the product printed. */
async function keep(
  keepFolder: string,
  kept: { session: PlannedSession; conversation: Conversation; product: PeerProduct },
): Promise<void> {
  const { wires, sampleRateHz, clips } = kept.conversation;
  const folder = join(keepFolder, sessionName(kept.session));
  await mkdir(folder, { recursive: true });
  const writer = new WavWriter({ filePath: join(folder, 'session.wav'), sampleRateHz, channels: 2 });
  writer.write(wires.microphone, wires.loudspeaker);
  writer.close();
  const turns = clips.map(({ placed: { id, kind, startSample, endSample } }) => ({
    id,
    kind,
    start_s: startSample / sampleRateHz,
    end_s: endSample / sampleRateHz,
  }));
  await writeFile(join(folder, 'turns.json'), `${JSON.stringify({ rate: sampleRateHz, turns }, undefined, 1)}\n`);
  await writeFile(join(folder, 'product.log'), await kept.product.log());
}
