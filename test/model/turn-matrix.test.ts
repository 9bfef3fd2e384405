import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SpokenCache } from '../bench/clips/spoken-cache.ts';
import type { Cell, CellResult } from '../bench/turn-matrix/cells/cell.ts';
import { runCells } from '../bench/turn-matrix/cells/run-cells.ts';
import { prepareClips } from '../bench/turn-matrix/prepare.ts';
import { shortFigures, turnFigures } from '../bench/turn-matrix/report/summary.ts';
import { missingModels, modelsDir } from '../fixtures/real-app.ts';

// The turn matrix (npm run bench:turns) in small: the real app between a simulated microphone and loudspeaker, in real time. Only
// orders and bounds that a slow machine keeps too; figures are the bench's business.

const reason = missingModels();
if (reason) console.log(`the turn matrix is skipped: ${reason}`);

/** On two idle cores it takes half a minute. */
const SLOW_MACHINE_MS = 400_000;
const common = { condition: 'clean', coreOnly: true, seconds: 0 } as const;
const SEMANTIC: Cell = { ...common, kind: 'turns', policy: 'semantic', count: 5 };
const FIXED: Cell = { ...common, kind: 'turns', policy: 'fixed-300', count: 5 };
const SHORT: Cell = { ...common, kind: 'short', policy: 'semantic', count: 6 };

describe.skipIf(reason !== undefined)('the turn matrix in small', () => {
  const results: CellResult[] = [];
  let folder: string;
  const turns = ({ kind, policy }: Cell) =>
    results.find(({ cell }) => cell.kind === kind && cell.policy === policy)?.turns ?? [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-matrix-'));
    const sources = { modelsDir, audioDir: undefined, spoken: new SpokenCache({ modelsDir, cacheDir: folder }) };
    const cells = [SEMANTIC, FIXED, SHORT];
    await prepareClips(cells, sources);
    const { signal } = new AbortController();
    const folders = { modelsDir, cacheDir: folder, audioDir: undefined, resultFolder: join(folder, 'results') };
    results.push(...(await runCells({ ...folders, cells, jobs: 3, keepFolder: undefined, say: () => {}, signal })));
  }, SLOW_MACHINE_MS);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('every session could be measured', () => {
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
  });

  test('the semantic policy declares fewer turns over inside their pauses than 300 ms of silence do', () => {
    const [semantic, fixed] = [turnFigures(turns(SEMANTIC)), turnFigures(turns(FIXED))];
    expect(fixed.endsInside).toBeGreaterThan(0);
    expect(semantic.endsInside).toBeLessThan(fixed.endsInside!);
  });

  test('turns are answered after their end', () => {
    const { responseRate, turns: count } = turnFigures(turns(SEMANTIC));
    expect(count).toBe(SEMANTIC.count);
    expect(responseRate).toBeGreaterThanOrEqual(0.8);
  });

  test('no "yes" and no "no" is lost', () => {
    const short = shortFigures(turns(SHORT));
    expect(short).toMatchObject({ turns: SHORT.count, lost: [] });
  });
});
