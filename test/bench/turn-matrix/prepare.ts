import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell } from './cells/cell.ts';
import { overlapClips } from './clips/overlap-clips.ts';
import { shortAnswers } from './clips/short-answers.ts';
import { turnSet, type TurnSources } from './clips/turn-sets.ts';
import { background } from '../../../main/evaluation/room/background.ts';
import { backgroundSources } from './clips/noise-file.ts';
import { conditionNamed } from '../../../main/evaluation/room/conditions.ts';
import { MatrixSession } from './session/matrix-session.ts';

const RENDERED_CHECK_SECONDS = 5;
const RENDERING_LIMIT_SECONDS = 240;

/** Makes all that is spoken, once: sessions that run side by side find it in the cache. */
export async function prepareClips(cells: readonly Cell[], sources: TurnSources): Promise<void> {
  for (const cell of cells) {
    if (cell.kind === 'turns') await turnSet(sources, cell);
    if (cell.kind === 'overlaps') await overlapClips(sources, cell.count);
    if (cell.kind === 'short') await shortAnswers(sources, cell);
  }
  for (const name of new Set(cells.map(({ condition }) => condition))) {
    const condition = conditionNamed(name);
    if (condition.background) await background(backgroundSources(sources), condition.background);
  }
  await sources.spoken.close();
}

/**
 * Lets the app render its fixed answers ahead, as it does in its first idle minutes: no session should pay for that. Returns at once
 * when they are in the cache.
 */
export async function prepareAnswers(options: { sources: TurnSources; cacheDir: string }): Promise<void> {
  const session = await MatrixSession.start({ ...options, condition: conditionNamed('clean'), policy: 'semantic' });
  try {
    let before = -1;
    for (let waited = 0; waited < RENDERING_LIMIT_SECONDS; waited += RENDERED_CHECK_SECONDS) {
      const count = await files(join(options.cacheDir, 'speech'));
      if (count === before) return;
      before = count;
      await session.wait(RENDERED_CHECK_SECONDS);
    }
  } finally {
    await session.close();
  }
}

async function files(folder: string): Promise<number> {
  return (await readdir(folder, { recursive: true }).catch(() => [])).length;
}
