import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { overlapClips } from '../clips/overlap-clips.ts';
import { shortAnswers } from '../clips/short-answers.ts';
import { turnSet, type TurnSources } from '../clips/turn-sets.ts';
import type { TurnClip } from '../clips/turn-clip.ts';
import { conditionNamed } from '../../../../main/evaluation/room/conditions.ts';
import { MatrixSession } from '../session/matrix-session.ts';
import { measureOverlaps } from '../session/overlaps.ts';
import { measureTalk } from '../session/talk.ts';
import { measureTurns, SHORT_ANSWER } from '../session/turns.ts';
import { cellName, type Cell, type CellResult } from './cell.ts';

export interface CellOptions {
  sources: TurnSources;
  cacheDir: string;
  /** Recording and lines are kept here. */
  keepFolder: string | undefined;
  onProgress(what: string): void;
}

/** Runs one session and returns what was measured; throws when the app cannot be started or stops listening. */
export async function runCell(cell: Cell, options: CellOptions): Promise<CellResult> {
  const { sources, cacheDir } = options;
  const clips = await turnClips(cell, sources);
  const overlaps = cell.kind === 'overlaps' ? await overlapClips(sources, cell.count) : [];
  const startedMs = performance.now();
  const session = await MatrixSession.start({
    sources,
    condition: conditionNamed(cell.condition),
    policy: cell.policy,
    cacheDir,
    ...(clips.length > 0 ? { answer: SHORT_ANSWER } : {}),
  });
  try {
    // Before anything is said: what the first seconds of a process cost is no part of a turn.
    await session.wait(1);
    const result: CellResult = { cell, tookSeconds: 0 };
    if (cell.kind === 'overlaps') result.overlaps = await measureOverlaps(session, overlaps, options.onProgress);
    else if (cell.kind === 'talk') {
      result.talk = await measureTalk(session, cell.seconds, () => options.onProgress('answer'));
    } else result.turns = await measureTurns(session, clips, options.onProgress);
    if (options.keepFolder !== undefined) await keep(session, cell, options.keepFolder);
    return { ...result, tookSeconds: Math.round((performance.now() - startedMs) / 1000) };
  } finally {
    await session.close();
  }
}

async function turnClips(cell: Cell, sources: TurnSources): Promise<TurnClip[]> {
  if (cell.kind === 'short') return shortAnswers(sources, cell);
  return cell.kind === 'turns' ? turnSet(sources, cell) : [];
}

async function keep({ bus, seen, floors }: MatrixSession, cell: Cell, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, cellName(cell));
  bus.recording.save(`${file}.wav`);
  await writeFile(`${file}.lines.json`, JSON.stringify({ seen, floors }, undefined, 1));
}
