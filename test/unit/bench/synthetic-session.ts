import { scoreSession, type ClipScore, type PlacedClip } from '../../../main/evaluation/scoring/score-session.ts';

const RATE_HZ = 48_000;

/** A loudspeaker's wire with tones at known places, and the clips that were said into the other one. */
export class SyntheticSession {
  readonly sampleRateHz = RATE_HZ;
  readonly loudspeaker: Float32Array;
  readonly clips: PlacedClip[] = [];

  /** With a noise floor of −60 dBFS, as a real device has. */
  constructor(seconds: number) {
    let seed = 1;
    this.loudspeaker = Float32Array.from({ length: seconds * RATE_HZ }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (seed / 2_147_483_648 - 0.5) * 0.002;
    });
  }

  said(id: string, fromSeconds: number, toSeconds: number, kind: PlacedClip['kind'] = 'turn'): this {
    this.clips.push({ id, kind, startSample: at(fromSeconds), endSample: at(toSeconds) });
    return this;
  }

  agent(fromSeconds: number, toSeconds: number, amplitude = 0.2): this {
    const from = at(fromSeconds);
    for (let i = from; i < at(toSeconds); i++)
      this.loudspeaker[i]! += amplitude * Math.cos((2 * Math.PI * 220 * (i - from)) / RATE_HZ);
    return this;
  }

  /** By the clip's name. */
  score(): Record<string, ClipScore> {
    const { loudspeaker: samples, sampleRateHz, clips } = this;
    const scores = scoreSession({ loudspeaker: { samples, sampleRateHz }, clips });
    return Object.fromEntries(scores.map((score) => [score.id, score]));
  }
}

const at = (seconds: number): number => Math.round(seconds * RATE_HZ);
