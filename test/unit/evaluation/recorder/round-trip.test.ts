import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TurnResult } from '../../../../main/contract/evaluation-turn.ts';
import { ScenarioRecorder } from '../../../../main/evaluation/recorder/scenario-recorder.ts';
import { writeReport } from '../../../../main/evaluation/report/report-folder.ts';
import { planCells } from '../../../../main/evaluation/run/cell.ts';
import { runBench } from '../../../../main/evaluation/run/run-bench.ts';
import { loadSuites, parseSuite } from '../../../../main/evaluation/scenario/load-suites.ts';
import type { Suite } from '../../../../main/evaluation/scenario/scenario.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';
import { talkingSubjects } from '../talking-subject.ts';
import { ToneLanguage } from '../tone-language.ts';

const SUITE = `
version: 1
suite: made
title: What somebody says
about: The conversation that is recorded.
scenarios:
  - id: talk
    title: Two questions, and an interruption
    turns:
      - say: what is the capital of italy
      - say: and now tell me a long story
        delay_ms: 900
      - say: stop there and tell me the capital of france
        as: interruption
        delay_ms: 2000
`;
const LONG =
  'once upon a time there was an old man who lived by the sea and had a boat and went out every day to look at it';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-round-trip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A whole run in virtual time. */
async function run(
  suite: Suite,
  options: { name: string; language: ToneLanguage; recorder?: ScenarioRecorder },
): Promise<TurnResult[]> {
  const { language, recorder } = options;
  const clock = new FakeClock(1000);
  const out = join(folder, options.name);
  const reply = (text: string): string =>
    text.includes('france') ? 'that is paris' : text.includes('italy') ? 'that is rome' : LONG;
  const running = runBench({
    cells: planCells({ suites: [suite], architectureIds: ['cascade'], repeat: 1, shard: { index: 1, count: 1 } }),
    folder: out,
    keyOptions: {},
    openSubject: talkingSubjects({ clock, language, reply, ...(recorder && { recorder }) }),
    speaker: { say: (text: string) => Promise.resolve({ samples: language.speak(text), sampleRateHz: 16_000 }) },
    recognise: null,
    seed: 1,
    faults: [],
    clock,
    stamp: () => '2030-01-01T00:00:00.000Z',
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  let isOver = false;
  const over = running.finally(() => (isOver = true));
  over.catch(() => {});
  while (!isOver) {
    await clock.advanceAsync(200);
    await settle();
  }
  await over;
  return (await writeReport(out, { at: '2030-01-01T00:00:00.000Z' })).turns;
}

/** Two whole runs. */
const TIMEOUT_MS = 60_000;

test(
  'a conversation becomes a scenario, and the scenario becomes the same conversation again',
  async () => {
    const language = new ToneLanguage();
    const recorder = new ScenarioRecorder({
      folder: join(folder, 'recorded'),
      recordedAt: '2030-01-01',
      onTrouble: (error) => expect.unreachable(error.message),
    });
    const before = await run(parseSuite(SUITE, 'made.yaml'), { name: 'before', language, recorder });
    const recorded = recorder.finish();
    expect(recorded?.turns).toBe(3);

    const [suite] = await loadSuites([recorded!.file], folder);
    const [, second, third] = suite!.scenarios[0]!.turns;
    expect(suite!.scenarios[0]!.turns.map(({ text }) => text)).toEqual([
      'what is the capital of italy',
      'and now tell me a long story',
      'stop there and tell me the capital of france',
    ]);
    expect(second).toMatchObject({ as: 'turn', after: 'answer' });
    // 900 ms and up to 300 ms of the runner's own spread; where an answer is heard to end is good to a frame or two.
    expect(second!.delay_ms).toBeGreaterThan(850);
    expect(second!.delay_ms).toBeLessThan(1300);
    expect(third).toMatchObject({ as: 'interruption', after: 'answer-start' });
    expect(Math.abs(third!.delay_ms! - 2000)).toBeLessThan(150);

    const after = await run(suite!, { name: 'after', language });
    const shown = ({ ownUserText, ownHeard, yielded, passed }: TurnResult): object => ({ ownUserText, yielded, passed, begins: ownHeard.slice(0, 20) }); // prettier-ignore
    expect(after.map(shown)).toEqual(before.map(shown));
    expect(after.map(({ wordErrors }) => wordErrors)).toEqual([0, 0, 0]);
    expect(after[2]!.yielded).toBe(true);
  },
  TIMEOUT_MS,
);
