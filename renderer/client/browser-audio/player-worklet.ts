/// <reference path="./worklet-scope.d.ts" />
import { AnswerPlayer } from './answer-player.ts';
import { PLAYER_WORKLET, type PlayerOrder } from './worklet-messages.ts';

const REPORT_INTERVAL_MS = 50;

/** The loudspeaker: a thin shell around AnswerPlayer on the audio thread. */
class PlayerProcessor extends AudioWorkletProcessor {
  readonly #player = new AnswerPlayer(sampleRate);
  readonly #reportFrames = Math.round((REPORT_INTERVAL_MS / 1000) * sampleRate);
  #nextReportFrame = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlayerOrder>) => this.#obey(data);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const channel = outputs[0]?.[0];
    if (channel === undefined) return true;
    this.#player.render(channel);
    if (currentFrame >= this.#nextReportFrame || this.#player.hasEnded) {
      this.#nextReportFrame = currentFrame + this.#reportFrames;
      const reports = this.#player.takeReports();
      if (reports.length > 0) this.port.postMessage(reports);
    }
    return true;
  }

  #obey(order: PlayerOrder): void {
    switch (order.type) {
      case 'add':
        return this.#player.add(order);
      case 'end':
        return this.#player.end(order.answerNumber);
      case 'stop':
        return this.#player.stop(order.answerNumber, order.fadeMs);
      case 'gain':
        return this.#player.ramp(order.gainDb, order.rampMs);
      case 'hold':
        return this.#player.hold(order.held, order.fadeMs);
      case 'latency':
        return this.#player.setOutputLatency(order.latencySec);
      case 'clear':
        return this.#player.clear();
      default:
        order satisfies never;
    }
  }
}

registerProcessor(PLAYER_WORKLET, PlayerProcessor);
