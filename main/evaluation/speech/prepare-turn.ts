import { join } from 'node:path';
import { readWavFile } from '../../audio/wav-reader.ts';
import { inRoom } from '../room/room-response.ts';
import type { Condition } from '../room/conditions.ts';
import { spokenText, type ScenarioTurn, type ScenarioVoice, type Suite } from '../scenario/scenario.ts';
import { labelSpeech } from '../sound/label-speech.ts';
import { madeCough, madeDoor } from '../sound/made-sounds.ts';
import { atLevel, atRoomRate, joined, ROOM_RATE_HZ, SPEECH_DBFS } from '../sound/room-sound.ts';
import type { Span } from '../sound/sound.ts';
import type { Spoken } from './kept-speech.ts';

/** A turn as the microphone gets it. */
export interface PreparedTurn {
  turn: ScenarioTurn;
  /** Reference words; null where they are not known or there are none. */
  text: string | null;
  /** Mono at ROOM_RATE_HZ. */
  samples: Float32Array;
  /** First speech (or noise) sample, and the one after the last. */
  speech: Span;
}

/** A user's voice. */
export interface UserVoice {
  /** Default voice: that of the starter. Throws `model-missing`. */
  say(text: string, options: { voice?: ScenarioVoice | undefined; speed?: number }): Promise<Spoken>;
}

const EDGE_SECONDS = 0.1;
/** Around the speech of a part, so that soft first and last sounds stay whole. */
const PART_EDGE_SECONDS = 0.03;

/** Speaks or reads a turn, gives it its level and label, and lets it pass through the room. Throws what voice and file throw. */
export async function prepareTurn(
  turn: ScenarioTurn,
  options: { suite: Pick<Suite, 'folder'>; voice: ScenarioVoice | undefined; speaker: UserVoice; condition: Condition },
): Promise<PreparedTurn> {
  const { condition } = options;
  const sound = atLevel(await soundOf(turn, options), SPEECH_DBFS + (turn.level_db ?? 0));
  const edge = new Float32Array(EDGE_SECONDS * ROOM_RATE_HZ);
  const samples = joined([edge, sound, edge]);
  const speech = labelSpeech(samples, ROOM_RATE_HZ);
  return {
    turn,
    text: spokenText(turn),
    samples: condition.room ? inRoom(samples, condition.room) : samples,
    speech,
  };
}

async function soundOf(
  turn: ScenarioTurn,
  options: { suite: Pick<Suite, 'folder'>; voice: ScenarioVoice | undefined; speaker: UserVoice },
): Promise<Float32Array> {
  if (turn.audio !== undefined) return atRoomRate(await readWavFile(join(options.suite.folder, turn.audio)));
  if (turn.sound === 'cough') return madeCough();
  if (turn.sound === 'door') return madeDoor();
  const { speed = 1, pitch = 1 } = turn;
  const parts: Float32Array[] = [];
  for (const part of typeof turn.say === 'string' ? [turn.say] : turn.say!) {
    if (typeof part === 'number') {
      const seconds = Math.max(0, part / 1000 - 2 * PART_EDGE_SECONDS);
      parts.push(new Float32Array(Math.round(seconds * ROOM_RATE_HZ)));
      continue;
    }
    const voice = turn.voice ?? options.voice;
    const { samples, sampleRateHz } = await options.speaker.say(part, { voice, speed: rounded(speed / pitch) });
    // Played faster than it was spoken, a voice is higher.
    parts.push(trimmed(await atRoomRate({ samples, sampleRateHz: Math.round(sampleRateHz * pitch) })));
  }
  return joined(parts);
}

function trimmed(samples: Float32Array): Float32Array {
  const { from, to } = labelSpeech(samples, ROOM_RATE_HZ);
  const edge = Math.round(PART_EDGE_SECONDS * ROOM_RATE_HZ);
  return samples.slice(Math.max(0, from - edge), to + edge);
}

const rounded = (speed: number): number => Math.round(speed * 1000) / 1000;
