import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FaultName } from '../../../main/evaluation/faults/faults.ts';
import { reportSchema, type Report } from '../../../main/contract/evaluation-report.ts';
import { writeReport } from '../../../main/evaluation/report/report-folder.ts';
import { planCells } from '../../../main/evaluation/run/cell.ts';
import { runBench, type BenchProgress } from '../../../main/evaluation/run/run-bench.ts';
import { parseSuite } from '../../../main/evaluation/scenario/load-suites.ts';
import { hearWire } from '../../../main/evaluation/scoring/heard-segments.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { talkingSubjects } from './talking-subject.ts';
import { ToneLanguage } from './tone-language.ts';

const SUITE = `
version: 1
suite: small
title: A small suite
about: What a test can say in virtual time.
scenarios:
  - id: questions
    title: Two questions
    turns:
      - say: what is the capital of italy
        expect: { says: [rome], never_says: [paris], tools: none }
      - say: and what is the capital of france
        expect: { says: [paris] }
  - id: booking
    title: A tool, corrected
    tools:
      - name: book
        description: Books a table.
        parameters: { type: object, properties: { day: { type: string } } }
        results: [{ result: your table is booked for friday }, { result: your table is booked for thursday }]
    turns:
      - say: book a table for friday please
        expect: { says: [booked for friday], tools: [{ name: book, arguments: { day: friday } }] }
      - say: no thursday i said
        expect: { says: [thursday], tools: [{ name: book, arguments: { day: thursday } }] }
`;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-whole-run-'));
  folders.push(folder);
  return folder;
}

async function evaluated(
  faults: readonly FaultName[] = [],
  { folder = newFolder(), architectureIds = ['cascade'] } = {},
): Promise<{ report: Report; progress: BenchProgress[]; folder: string }> {
  const clock = new FakeClock(1000);
  const language = new ToneLanguage();
  const progress: BenchProgress[] = [];
  const speaker = { say: (text: string) => Promise.resolve({ samples: language.speak(text), sampleRateHz: 16_000 }) };
  const reply = (text: string): string => (text.includes('france') ? 'that is paris' : text.includes('italy') ? 'that is rome' : 'what do you mean'); // prettier-ignore
  const running = runBench({
    cells: planCells({ suites: [parseSuite(SUITE, 'small.yaml')], architectureIds, repeat: 1, shard: { index: 1, count: 1 } }), // prettier-ignore
    folder,
    keyOptions: {},
    openSubject: talkingSubjects({ clock, language, reply, faults }),
    speaker,
    recognise: (wire) => hearWire(wire, (samples) => Promise.resolve(language.understand(samples))),
    seed: 1,
    faults,
    clock,
    stamp: () => '2030-01-01T00:00:00.000Z',
    signal: new AbortController().signal,
    onProgress: (each) => progress.push(each),
  });
  let isOver = false;
  const over = running.finally(() => (isOver = true));
  over.catch(() => {});
  while (!isOver) {
    await clock.advanceAsync(200);
    await settle();
  }
  await over;
  const report = await writeReport(folder, { at: '2030-01-01T00:00:00.000Z' });
  return { report, progress, folder };
}

const suspects = ({ turns }: Report): (string | undefined)[] => turns.map(({ suspect }) => suspect?.stage);

test('a run of whole conversations is scored from its recordings and reported in every form', async () => {
  const { report, progress, folder } = await evaluated();
  expect(report.turns.filter(({ passed }) => !passed).map(({ turnId, checks }) => ({ turnId, checks }))).toEqual([]);
  expect(report.turns).toHaveLength(4);
  expect(report.turns.map(({ agentWords }) => agentWords)).toContain('your table is booked for thursday');
  const { figures } = report.architectures[0]!;
  expect(figures.toolAccuracy).toMatchObject({ value: 1 });
  expect(figures.wordErrorRate).toMatchObject({ value: 0 });
  expect(figures.voiceToVoiceMs.p50).toBeGreaterThan(0);
  expect(reportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))).toEqual(report);
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(page).toContain('that is rome');
  expect(page).not.toMatch(/<script|https?:\/\//);
  expect(readFileSync(join(folder, 'report.csv'), 'utf8').split('\r\n')).toHaveLength(6);
  expect(progress.at(-1)).toMatchObject({ type: 'cell-done', done: 2, total: 2, leftSeconds: 0 });
});

test('cells that are done are kept, and one that cannot be opened fails alone', async () => {
  const folder = newFolder();
  await evaluated([], { folder });
  const { report, progress } = await evaluated([], { folder, architectureIds: ['cascade', 'broken-one'] });
  const done = progress.filter(({ type }) => type === 'cell-done');
  expect(done.map(({ cell, kept }) => [cell.architectureId, kept])).toEqual(
    expect.arrayContaining([
      ['cascade', true],
      ['broken-one', false],
    ]),
  );
  expect(report.failures).toHaveLength(2);
  expect(report.failures[0]).toMatchObject({ architectureId: 'broken-one', message: 'cannot be opened' });
  expect(report.turns).toHaveLength(4);
});

test.each<[FaultName, string, readonly number[]]>([
  ['asr-garbled', 'listen', [0, 1]],
  ['tts-silent', 'speak', [0, 1, 2, 3]],
  ['tool-failing', 'tool', [2, 3]],
  ['llm-slow', 'think', [0, 1]],
  ['tts-slow', 'speak', [0, 1]],
])('a stage that is broken by %s is found and named: %s', async (fault, stage, turns) => {
  const { report } = await evaluated([fault]);
  // Cells are read in order of name: the booking comes first.
  const ordered = [...suspects(report).slice(2), ...suspects(report).slice(0, 2)];
  expect(turns.map((i) => ordered[i])).toEqual(turns.map(() => stage));
  expect(report.faults).toEqual([fault]);
  expect(report.architectures[0]!.figures.suspects[stage]).toBeGreaterThanOrEqual(turns.length);
});
