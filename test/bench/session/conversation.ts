import type { PlannedClip } from '../clips/clip-sets.ts';
import { scoreSession, type ClipScore, type PlacedClip } from '../../../main/evaluation/scoring/score-session.ts';
import type { RecordedWires } from '../../fixtures/pulse-recording.ts';
import { findSpeech } from '../wire/find-clip.ts';
import { playClips, type PlayedClip, type PlayOptions } from './play-clips.ts';
import type { SpokenTo } from './session.ts';

/** What happened around one clip. */
export interface ScoredClip {
  planned: PlannedClip;
  placed: PlacedClip;
  score: ClipScore;
  /** Start of the next clip, or the recording's end. */
  nextSample: number;
  played: PlayedClip;
  /** How much longer the clip took on the wire than it is: a hiccup of the player. */
  slipMs: number;
}

export interface Conversation {
  wires: RecordedWires;
  sampleRateHz: number;
  clips: ScoredClip[];
  /** Clips that were not said (there was no answer to say them into) or were not found whole on the microphone's wire. */
  lost: string[];
}

/** Says the clips and scores what was recorded. */
export async function converse(session: SpokenTo, options: PlayOptions): Promise<Conversation> {
  const { recording } = session;
  const played = await playClips(session, options);
  // The last sounds have to arrive.
  await recording.more(0.5);
  const wires = await recording.stop();
  const { sampleRateHz } = recording;
  const found = played.flatMap((each) => {
    const speech = findSpeech({ clip: each.clip, microphone: wires.microphone, sampleRateHz, within: each.within });
    return speech ? [{ each, speech }] : [];
  });
  const placed = found.map(({ each, speech }) => ({
    id: each.clip.id,
    kind: each.clip.kind,
    startSample: speech.from,
    endSample: speech.to,
  }));
  const scores = scoreSession({ loudspeaker: { samples: wires.loudspeaker, sampleRateHz }, clips: placed });
  const clips = found.map(({ each, speech }, i) => ({
    planned: each.clip,
    placed: placed[i]!,
    score: scores[i]!,
    nextSample: placed[i + 1]?.startSample ?? wires.loudspeaker.length,
    played: each,
    slipMs: (speech.slipSamples / sampleRateHz) * 1000,
  }));
  const ids = new Set(placed.map(({ id }) => id));
  return { wires, sampleRateHz, clips, lost: options.clips.map(({ id }) => id).filter((id) => !ids.has(id)) };
}
