import { ParleyError } from '../../contract/errors.ts';
import { wordsFor } from '../../contract/error-words.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { Clock } from '../../ports/clock.ts';
import { background, type BackgroundSources } from '../room/background.ts';
import { conditionNamed, type ConditionName } from '../room/conditions.ts';
import { seededRandom } from '../seeded-random.ts';
import { prepareTurn, type PreparedTurn, type UserVoice } from '../speech/prepare-turn.ts';
import type { Wire } from '../sound/sound.ts';
import { CELL_VERSION, cellName, type Cell, type CellRecord, type HeardSegment } from './cell.ts';
import { playScenario } from './play-scenario.ts';
import type { ReplacedStages } from './replaced-stages.ts';
import type { OpenSubject, Subject } from './subject.ts';

export interface RunCellOptions {
  key: string;
  openSubject: OpenSubject;
  speaker: UserVoice;
  noise?: BackgroundSources['noise'];
  /** Words of the agent's channel. Null: nobody recognises them. */
  recognise: ((wire: Wire) => Promise<HeardSegment[]>) | null;
  /** Writes the recording: left the user, right the agent. */
  save(subject: Subject): Promise<void>;
  seed: number;
  faults: readonly string[];
  clock: Clock;
  /** Wall-clock time as ISO 8601. */
  stamp(): string;
  signal: AbortSignal;
  onTurn?(index: number): void;
  /** For a turn that is run again. */
  replaced?: ReplacedStages | undefined;
}

/** Measures one cell. What fails is in the record; only abort and a full disk reject: the next cell could not be kept either. */
export async function runCell(cell: Cell, options: RunCellOptions): Promise<CellRecord> {
  const { clock, seed, signal } = options;
  const startedAtMs = clock.nowMs();
  const record: CellRecord = {
    version: CELL_VERSION,
    key: options.key,
    suite: cell.suite.suite,
    architectureId: cell.architectureId,
    repetition: cell.repetition,
    scenario: cell.scenario,
    seed,
    startedAt: options.stamp(),
    tookSeconds: 0,
    faults: [...options.faults],
    error: null,
    recordedSamples: 0,
    turns: [],
    account: { lines: [], toolCalls: [], failures: [] },
    heard: [],
  };
  try {
    await measure(cell, record, options);
  } catch (cause) {
    signal.throwIfAborted();
    const error = ParleyError.from(cause, 'app');
    if (error.code === 'disk-full') throw error;
    const words = error.code === 'internal' ? error.message : `${wordsFor(error.serialise()).title} (${error.message})`;
    record.error = { message: words, stage: error.stage };
  }
  record.tookSeconds = Math.round((clock.nowMs() - startedAtMs) / 1000);
  return record;
}

async function measure(cell: Cell, record: CellRecord, options: RunCellOptions): Promise<void> {
  const { suite, scenario, architectureId } = cell;
  const { speaker, signal } = options;
  const condition = conditionNamed(scenario.room as ConditionName);
  const voice = scenario.voice ?? suite.voice;
  const turns: PreparedTurn[] = [];
  for (const turn of scenario.turns) turns.push(await prepareTurn(turn, { suite, voice, speaker, condition }));
  const sources = { say: (text: string) => speaker.say(text, {}), ...(options.noise ? { noise: options.noise } : {}) };
  const sound = condition.background && (await background(sources, condition.background));
  signal.throwIfAborted();
  const { replaced } = options;
  const subject = await options.openSubject({
    cell: cellName(cell),
    architectureId,
    scenario,
    condition,
    background: sound,
    replaced,
  });
  try {
    const random = seededRandom(options.seed + cell.repetition);
    const { bus } = subject;
    const playing = playScenario({
      ...{ bus, turns, random, signal, onTurn: options.onTurn },
      onTurnBegins: (index, place) => replaced?.turnBegins(index, place),
    });
    // At once, not after the answer that is being waited for.
    const placed = await untilAborted(playing, signal, 'app');
    record.turns = placed.map((place, i) => ({ ...place, text: turns[i]!.text }));
    await options.save(subject);
  } finally {
    record.account = subject.account;
    record.recordedSamples = subject.bus.recording.length;
    await subject.close();
  }
  // When nothing else is at work: recognising beside the app would slow it down.
  record.heard = (await options.recognise?.(subject.bus.recording.loudspeaker)) ?? [];
}
