import { ParleyError } from '../contract/errors.ts';
import type { AudioBus, AudioBusEvents, PlaybackProgress } from '../ports/audio-devices.ts';
import type { AudioCalls, AudioCommands, AudioReports } from './audio-protocol.ts';
import type { NotifyApp, ServedEngine } from './serve-engine.ts';

interface BusHooks {
  events: AudioBusEvents;
  onBroken: (problem: ParleyError) => void;
}

/** Serves an audio bus to the app: commands in, one report for each block of the microphone out. */
export async function serveAudio(options: {
  notify: NotifyApp;
  makeBus: (hooks: BusHooks) => Promise<AudioBus>;
}): Promise<ServedEngine> {
  const report = <Name extends keyof AudioReports>(name: Name, params: AudioReports[Name]) =>
    options.notify(name, params);
  const reports = new TickReports((tick) => report('tick', tick));
  const bus = await options.makeBus({
    events: {
      onCapture: (frames) => reports.captured(frames.map((frame) => frame.samples)),
      onPlayback: (progress) => reports.played(progress),
      onLevels: (levels) => reports.measured(levels),
      onMicrophone: (state) => report('microphone', { state }),
      onDevicesChanged: (devices) => report('devices', { devices }),
      onChain: (state) => report('chain', { state }),
      onProblem: (problem) => report('problem', { error: problem.serialise() }),
    },
    onBroken: (problem) => report('broken', { error: problem.serialise() }),
  });
  return {
    calls: {
      list: () => bus.list(),
      open: (selection: AudioCalls['open']['params']) => bus.open(selection).then(() => null),
      testEcho: () => {
        if (bus.testEcho) return bus.testEcho();
        throw new ParleyError({ code: 'bad-command', stage: 'audio', message: 'This device has no capture chain.' });
      },
      stopAnswer: ({ answerNumber, fadeMs }: AudioCalls['stopAnswer']['params']) =>
        bus.stopAnswer(answerNumber, fadeMs),
    },
    notifications: {
      // An answer that cannot be played is the sender's mistake, and it counts for itself what is waiting.
      play: ({ answerNumber, pcm, sampleRateHz }: AudioCommands['play']) =>
        void bus.play(answerNumber, pcm, sampleRateHz).catch(() => bus.endAnswer(answerNumber)),
      endAnswer: ({ answerNumber }: AudioCommands['endAnswer']) => bus.endAnswer(answerNumber),
      setHeld: ({ held, fadeMs }: AudioCommands['setHeld']) => bus.setHeld(held, fadeMs),
      setGain: ({ gainDb, rampMs }: AudioCommands['setGain']) => bus.setGain(gainDb, rampMs),
      setCaptureChain: ({ settings }: AudioCommands['setCaptureChain']) => bus.setCaptureChain?.(settings),
    },
    close: () => bus.close(),
  };
}

/** Sound is captured every 20 ms and played in blocks of at least 10 ms: after more than this no microphone is open. */
const MAX_WAITING = 4;

/**
 * Puts what happens in the same moment into one message: a message to the app costs more than what is in it. Captured sound goes at
 * once and takes with it what has come since; what ends an answer also goes at once.
 */
class TickReports {
  readonly #send: (tick: AudioReports['tick']) => void;
  #progress = new Map<number, PlaybackProgress>();
  #levels: AudioReports['tick']['levels'];
  /** Reports that wait for captured sound to take them along. */
  #waiting = Infinity;
  #isScheduled = false;

  constructor(send: (tick: AudioReports['tick']) => void) {
    this.#send = send;
  }

  captured(frames: Float32Array[]): void {
    const samples = new Float32Array(frames.reduce((sum, frame) => sum + frame.length, 0));
    let at = 0;
    for (const frame of frames) {
      samples.set(frame, at);
      at += frame.length;
    }
    this.#flush(samples);
  }

  played(progress: PlaybackProgress): void {
    this.#progress.set(progress.answerNumber, progress);
    if (progress.ended || ++this.#waiting > MAX_WAITING) this.#flushSoon();
  }

  measured(levels: { inputDbfs: number; outputDbfs: number }): void {
    this.#levels = levels;
    if (++this.#waiting > MAX_WAITING) this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(captured?: Float32Array): void {
    if (captured) this.#waiting = 0;
    const progress = [...this.#progress.values()];
    const levels = this.#levels;
    this.#progress.clear();
    this.#levels = undefined;
    if (!captured && progress.length === 0 && !levels) return;
    this.#send({ ...(captured && { captured }), ...(progress.length > 0 && { progress }), ...(levels && { levels }) });
  }
}
