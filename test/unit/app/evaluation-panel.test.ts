import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import type { CommandOf } from '../../../main/contract/messages.ts';
import { decodeWav } from '../../../main/audio/wav-reader.ts';
import { PanelUnderTest, PanelWindow, type PanelOptions } from './evaluation-panel-fixture.ts';

const made: PanelUnderTest[] = [];
afterEach(async () => {
  for (const each of made) await each.panel.close();
  made.splice(0).forEach((each) => each.remove());
});

function newPanel(options: PanelOptions = {}): PanelUnderTest {
  const panel = new PanelUnderTest(options);
  made.push(panel);
  return panel;
}

/** Whole conversations in steps of 10 ms: some seconds on a machine that has other things to do. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let template: PanelUnderTest;
let runId: string;
beforeAll(async () => {
  template = new PanelUnderTest();
  runId = await template.runAll();
  await template.panel.close();
});
afterAll(() => template.remove());

/** An app in whose data folder a run of both architectures lies. */
async function withRun(): Promise<PanelUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-panel-'));
  cpSync(template.folder, folder, { recursive: true });
  const app = newPanel({ folder });
  await app.do({ type: 'watch-evaluation', on: true });
  return app;
}

const START: CommandOf<'start-evaluation'> = {
  type: 'start-evaluation',
  suites: ['small'],
  architectureIds: ['cascade'],
  repeat: 1,
  seed: 1,
};

test('a window is told what there is to measure, and of a run from its first cell to its report', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  expect(app.window.state).toMatchObject({
    unavailable: null,
    suites: [{ id: 'small', title: 'A small suite', scenarios: [{ id: 'italy', turns: 2 }, { id: 'spain', turns: 1 }] }],
    run: null,
    runs: [],
    prices: { isOwn: false, problem: null },
  }); // prettier-ignore
  const states = template.window.events.flatMap((event) => (event.type === 'evaluation' ? [event.evaluation.run] : []));
  expect([...new Set(states.map((run) => run?.phase))]).toEqual([undefined, 'preparing', 'measuring', 'reporting']);
  const during = states.filter((run) => run !== null);
  expect(during.map(({ done }) => done)).toEqual(during.map(({ done }) => done).toSorted());
  expect(during.find(({ current }) => current?.turn === 2)).toMatchObject({
    runId,
    current: { suite: 'small', scenario: 'italy', title: 'Two questions', architectureId: 'cascade', turns: 2 },
    total: 4,
  });
  expect(template.window.state).toMatchObject({ run: null, notice: 'Done.', failure: null });
  expect(template.window.state.runs).toMatchObject([
    { runId, title: 'A small suite', kind: 'suites', suites: ['small'], done: 4, total: 4, isComplete: true, failure: null },
  ]); // prettier-ignore
  const opened = await withRun();
  await opened.do({ type: 'open-evaluation', runId });
  const { report } = opened.window.reports[0]!;
  expect(report.turns).toHaveLength(6);
  expect(report.architectures.find(({ id }) => id === 'other')).toMatchObject({ kind: 'speech-to-speech', capabilities: { truncation: true } }); // prettier-ignore
  expect(report.circumstances).toMatchObject({ engineFiles: [], seed: 1 });
  expect(report.turns.filter(({ passed }) => !passed).map(({ turnId, suspect }) => [turnId, suspect?.stage])).toEqual([
    ['small/spain/0', 'think'],
    ['small/spain/0', 'think'],
  ]);
  expect(existsSync(opened.path(runId, report.turns[0]!.audioFile))).toBe(true);
});

test('the conversation waits for a run, and goes on after it however it ends', async () => {
  expect(template.pauses).toEqual([true, false]);
  const failing = newPanel({ bench: () => { throw new ParleyError({ code: 'model-missing', stage: 'models' }); } }); // prettier-ignore
  await failing.do({ type: 'watch-evaluation', on: true });
  await failing.do(START);
  await failing.until(() => failing.window.state.failure !== null);
  expect(failing.window.state).toMatchObject({ run: null, failure: { code: 'model-missing' } });
  expect(failing.pauses).toEqual([true, false]);
});

test('one run at a time, and only of what there is', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  await expect(app.do({ ...START, suites: ['nothing'] })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(app.do({ ...START, architectureIds: ['nobody'] })).rejects.toMatchObject({ detail: 'nobody' });
  await expect(app.do({ ...START, architectureIds: ['hosted'] })).rejects.toMatchObject({ detail: 'hosted' });
  await expect(app.do({ type: 'resume-evaluation', runId: 'gone' })).rejects.toMatchObject({ detail: 'gone' });
  await expect(app.do({ type: 'open-evaluation', runId: 'gone' })).rejects.toMatchObject({ detail: 'gone' });
  await expect(app.do({ type: 'remove-evaluation', runId: 'gone' })).rejects.toMatchObject({ detail: 'gone' });
  const started = [app.do(START), app.do(START)];
  expect((await Promise.allSettled(started)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await expect(app.do(START)).rejects.toMatchObject({ code: 'evaluation-runs' });
  await expect(app.do({ type: 'record-utterance', on: true })).rejects.toMatchObject({ code: 'evaluation-runs' });
  const running = app.window.state.run!.runId;
  await expect(app.do({ type: 'remove-evaluation', runId: running })).rejects.toMatchObject({
    code: 'evaluation-runs',
  });
  await expect(app.do({ type: 'open-evaluation', runId: running })).rejects.toMatchObject({ code: 'evaluation-runs' });
  expect(readdirSync(app.path())).toEqual([running]);
});

test('a run that was stopped keeps what it has, and goes on with the rest', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  await app.do({ ...START, architectureIds: ['cascade', 'other'] });
  await app.until(() => app.window.state.run?.done === 2 && app.window.state.run.current?.turn === 0);
  await app.do({ type: 'stop-evaluation' });
  expect(app.window.state.run?.isStopping).toBe(true);
  let turnsAfterStop = 0;
  await app.until(() => {
    turnsAfterStop = Math.max(turnsAfterStop, app.window.state.run?.current?.turn ?? 0);
    return app.window.state.run === null || app.window.state.run.phase === 'reporting';
  });
  expect(turnsAfterStop, 'an answer that is waited for is not waited for to its end').toBe(0);
  await app.untilOver();
  const [stopped] = app.window.state.runs;
  expect(stopped).toMatchObject({ done: 2, total: 4, isComplete: false });
  await app.do({ type: 'open-evaluation', runId: stopped!.runId });
  expect(app.window.reports[0]!.report.turns).toHaveLength(4);

  await app.do({ type: 'resume-evaluation', runId: stopped!.runId });
  expect(app.window.state.runs).toEqual([]);
  await app.until(() => app.window.state.run === null);
  expect(app.window.state.runs).toMatchObject([{ runId: stopped!.runId, done: 4, isComplete: true }]);
  // The window that has it open is sent what has become of it.
  await app.until(() => app.window.reports.length > 1);
  expect(app.window.reports.at(-1)!.report.turns).toHaveLength(6);
});

test('a run survives the app: what was interrupted is listed, opened and resumed by the next one', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  await app.do(START);
  await app.until(() => app.window.state.run?.done === 1);
  const { runId } = app.window.state.run!;
  await app.panel.close();
  expect(existsSync(app.path(runId, 'report.json'))).toBe(false);

  const next = newPanel({ folder: app.folder });
  await next.do({ type: 'watch-evaluation', on: true });
  expect(next.window.state.runs).toMatchObject([{ runId, done: 1, total: 2, isComplete: false }]);
  await next.do({ type: 'open-evaluation', runId });
  expect(next.window.reports[0]!.report.turns).toHaveLength(2);
  await next.do({ type: 'resume-evaluation', runId });
  await next.untilOver();
  expect(next.window.state.runs).toMatchObject([{ runId, isComplete: true }]);
});

test('runs that cannot be read hide none of the others, and can be removed', async () => {
  const app = await withRun();
  mkdirSync(app.path('damaged'), { recursive: true });
  writeFileSync(app.path('damaged', 'plan.json'), '{');
  mkdirSync(app.path('empty'));
  await app.do({ type: 'watch-evaluation', on: true });
  const { runs } = app.window.state;
  expect(runs.map((each) => [each.runId, each.failure?.code])).toEqual([
    [runId, undefined],
    ['damaged', 'bad-input'],
  ]);
  await expect(app.do({ type: 'open-evaluation', runId: 'damaged' })).rejects.toMatchObject({ code: 'bad-input' });
  await app.do({ type: 'remove-evaluation', runId: 'damaged' });
  expect(app.window.state).toMatchObject({ notice: 'Removed.', runs: [{ runId }] });
  expect(existsSync(app.path('damaged'))).toBe(false);
});

test('the folder of a run of the command line can be put there and opened', async () => {
  const app = await withRun();
  renameSync(app.path(runId), app.path('from-another-machine'));
  rmSync(app.path('from-another-machine', 'plan.json'));
  await app.do({ type: 'watch-evaluation', on: true });
  expect(app.window.state.runs).toMatchObject([
    {
      runId: 'from-another-machine',
      kind: 'folder',
      architectureIds: ['cascade', 'other'],
      suites: ['small'],
      done: 4,
    },
  ]);
  await app.do({ type: 'open-evaluation', runId: 'from-another-machine' });
  expect(app.window.reports[0]!.report.turns).toHaveLength(6);
  const resuming = app.do({ type: 'resume-evaluation', runId: 'from-another-machine' });
  await expect(resuming).rejects.toMatchObject({ code: 'bad-input' });
});

test('a full disk ends the run with words, and what was measured before stays', async () => {
  let cells = 0;
  const app = newPanel({
    bench: (_, usual) => ({
      ...usual,
      openSubject: async (request) => {
        const subject = await usual.openSubject(request);
        const full = new ParleyError({ code: 'disk-full', stage: 'audio' });
        if (++cells === 2) Object.assign(subject.bus.recording, { save: () => { throw full; } }); // prettier-ignore
        return subject;
      },
    }),
  });
  await app.do({ type: 'watch-evaluation', on: true });
  await app.do(START);
  await app.until(() => app.window.state.failure !== null);
  expect(app.window.state).toMatchObject({ run: null, failure: { code: 'disk-full' } });
  expect(app.window.state.runs).toMatchObject([{ done: 1, total: 2, isComplete: false }]);
  await app.do({ type: 'resume-evaluation', runId: app.window.state.runs[0]!.runId });
  await app.untilOver();
  expect(app.window.state).toMatchObject({ failure: null, runs: [{ isComplete: true }] });
});

const RERUN = { type: 'rerun-turn', turnId: 'small/spain/0', architectureId: 'cascade', repetition: 1 } as const;

test('a turn that failed is run again with a stage replaced, apart from all figures', async () => {
  const app = await withRun();
  await app.do({ type: 'open-evaluation', runId });
  const before = app.window.reports[0]!.report;
  await app.do({ ...RERUN, runId, replace: [{ stage: 'think', text: 'that is madrid' }] });
  expect(app.window.state).toMatchObject({ run: { kind: 'rerun', runId, total: 1 }, runs: [{ runId }] });
  await app.until(() => app.window.reports.length > 1);
  const { report } = app.window.reports.at(-1)!;
  expect(report.reruns).toMatchObject([
    { turnId: 'small/spain/0', replaced: [{ stage: 'think', text: 'that is madrid' }], error: null },
  ]);
  expect(report.reruns[0]!.turn).toMatchObject({ agentWords: 'that is madrid', passed: true });
  expect(existsSync(app.path(runId, report.reruns[0]!.turn!.audioFile))).toBe(true);
  const page = readFileSync(app.path(runId, 'report.html'), 'utf8');
  expect(page).toMatch(
    /Turns run again[^]*With the true answer for the voice[^]*It passes now: that points to thinking/,
  );
  expect(report.architectures).toEqual(before.architectures);
  expect(report.turns).toEqual(before.turns);
});

test('true words in the place of garbled ones show whose failure it was', async () => {
  const app = await withRun();
  // As `parley bench run --fault asr-garbled` has left it.
  const file = app.path(runId, 'cells', 'small.italy.cascade.1.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as { faults: string[] };
  writeFileSync(file, JSON.stringify({ ...record, faults: ['asr-garbled'] }));
  await app.do({ type: 'open-evaluation', runId });
  for (const [i, replace] of [
    [{ stage: 'think', text: 'never mind' }],
    [{ stage: 'listen', text: 'and what is the capital of france' }],
  ].entries()) {
    // prettier-ignore
    await app.do({ ...RERUN, runId, turnId: 'small/italy/1', replace: replace as [{ stage: 'listen'; text: string }] });
    await app.until(() => app.window.reports.length > i + 1 && app.window.state.run === null);
  }
  const [asItWas, withTrueWords] = app.window.reports.at(-1)!.report.reruns;
  expect(asItWas!.turn).toMatchObject({ passed: false, agentWords: 'never mind' });
  expect(asItWas!.turn!.wordErrors).toBeGreaterThan(3);
  expect(withTrueWords!.turn).toMatchObject({ passed: true, agentWords: 'that is paris', wordErrors: 0 });
});

test('only stages of ours can be replaced, in turns that were measured', async () => {
  const app = await withRun();
  const replace = [{ stage: 'listen' as const, text: 'words' }];
  const other = app.do({ ...RERUN, runId, architectureId: 'other', replace });
  await expect(other).rejects.toMatchObject({ code: 'bad-input', detail: 'listen' });
  for (const turnId of ['small/spain/1', 'small/../0', '../../small/spain/0', 'nothing']) {
    await expect(app.do({ ...RERUN, runId, turnId, replace })).rejects.toMatchObject({ code: 'bad-input' });
  }
  expect(app.window.state.run).toBeNull();
});

test('answers are judged by ear, and the tally is sent to every window that has the run open', async () => {
  const app = await withRun();
  const second = new PanelWindow('w2');
  await app.do({ type: 'open-evaluation', runId });
  await app.do({ type: 'open-evaluation', runId }, second);
  const heard = (architectureId: string) => ({ architectureId, repetition: 1 });
  const judgement = { turnId: 'small/italy/0', a: heard('other'), b: heard('cascade'), preferred: 'a' as const };
  await app.do({ type: 'prefer-answer', runId, ...judgement });
  for (const window of [app.window, second]) {
    expect(window.reports.at(-1)!.preferences).toEqual({
      judgements: [judgement],
      tallies: [{ a: 'cascade', b: 'other', aWins: 0, bWins: 1, ties: 0, firstWins: 1, p: 1, verdict: 'no difference shown' }],
    }); // prettier-ignore
  }
  app.panel.forgetConnection(second);
  const count = second.events.length;
  await app.do({ type: 'prefer-answer', runId, ...judgement, preferred: 'neither' });
  expect(second.events).toHaveLength(count);
  expect(app.window.reports.at(-1)!.preferences.tallies).toMatchObject([{ ties: 1, bWins: 0 }]);
});

/** Silence, speech, silence. */
function speak(app: PanelUnderTest, samples: Float32Array): void {
  const quiet = new Float32Array(16_000).map((_, i) => ((i * 7919) % 13) / 100_000);
  let startSample = 0;
  for (const part of [quiet, samples, quiet]) {
    for (let at = 0; at < part.length; at += 320) {
      app.panel.capture([{ startSample, samples: part.slice(at, at + 320) }]);
      startSample += 320;
    }
  }
}

test('an utterance is recorded while the conversation waits, and the same recording is put to every architecture', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  speak(app, app.language.speak('before anybody records'));
  await app.do({ type: 'record-utterance', on: true });
  expect(app.pauses).toEqual([true]);
  const said = app.language.speak('what is the capital of italy');
  speak(app, said);
  await app.clock.advanceAsync(600);
  expect(app.window.state.recording!.seconds).toBeCloseTo(2 + said.length / 16_000);
  await app.do({ type: 'record-utterance', on: false });
  expect(app.pauses).toEqual([true, false]);
  const { recorded } = app.window.state;
  expect(recorded!.seconds).toBeCloseTo(said.length / 16_000 + 0.6, 1);
  expect(existsSync(app.path(recorded!.url.replace('/evaluations/', '')))).toBe(true);

  const utterance = { from: 'recording', words: 'what is the capital of italy' } as const;
  await app.do({ type: 'compare-utterance', utterance, architectureIds: ['cascade', 'other'], repeat: 1 });
  await app.untilOver();
  const { runId, kind, title } = app.window.state.runs[0]!;
  expect([kind, title]).toEqual(['utterance', 'what is the capital of italy']);
  await app.do({ type: 'open-evaluation', runId });
  const { turns } = app.window.reports[0]!.report;
  expect(turns.map(({ turnId, architectureId, agentWords, wordErrors }) => [turnId, architectureId, agentWords, wordErrors])).toEqual([
    ['utterance/utterance/0', 'cascade', 'that is rome', 0],
    ['utterance/utterance/0', 'other', 'that is rome', 0],
  ]); // prettier-ignore
  const kept = decodeWav(readFileSync(app.path(runId, 'utterance.wav')), 'utterance.wav');
  expect(kept.samples.length / 16_000).toBeCloseTo(recorded!.seconds);
  // And once more in the next run of the app, from the file.
  rmSync(app.path(runId, 'cells'), { recursive: true });
  await app.do({ type: 'resume-evaluation', runId });
  await app.untilOver();
  expect(app.window.state.runs).toMatchObject([{ runId, isComplete: true }]);
});

test('a typed utterance is spoken by the user’s voice', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  const utterance = { from: 'text', text: 'and what is the capital of france' } as const;
  await app.do({ type: 'compare-utterance', utterance, architectureIds: ['cascade'], repeat: 2 });
  await app.untilOver();
  await app.do({ type: 'open-evaluation', runId: app.window.state.runs[0]!.runId });
  expect(app.window.reports[0]!.report.turns.map(({ agentWords }) => agentWords)).toEqual(['that is paris', 'that is paris']); // prettier-ignore
});

test('a recording in which nobody speaks is none; it ends by itself, and with its window', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  await app.do({ type: 'record-utterance', on: true });
  speak(app, new Float32Array(16_000));
  await app.do({ type: 'record-utterance', on: false });
  await app.until(() => app.window.state.failure !== null);
  expect(app.window.state).toMatchObject({ recorded: null, recording: null, failure: { code: 'nothing-heard' } });
  const comparing = app.do({ type: 'compare-utterance', utterance: { from: 'recording', words: null }, architectureIds: ['cascade'], repeat: 1 }); // prettier-ignore
  await expect(comparing).rejects.toMatchObject({ code: 'bad-input', detail: 'recording' });

  // No sample comes: the device is gone.
  await app.do({ type: 'record-utterance', on: true });
  await app.clock.advanceAsync(21_000);
  expect(app.window.state.recording).toBeNull();

  await app.do({ type: 'record-utterance', on: true });
  app.panel.forgetConnection(app.window);
  expect(app.pauses.at(-1)).toBe(false);
});

test('nothing is recorded from a microphone that is muted or not there', async () => {
  const app = newPanel();
  app.store.update({ muted: true });
  await expect(app.do({ type: 'record-utterance', on: true })).rejects.toMatchObject({ code: 'microphone-muted' });
  app.store.update({ muted: false, audio: { ...app.store.state.audio, microphone: 'off' } });
  await expect(app.do({ type: 'record-utterance', on: true })).rejects.toMatchObject({ code: 'no-device' });
  expect(app.pauses).toEqual([]);
});

test('prices are the user’s own where there is a file that can be read', async () => {
  const app = await withRun();
  const { file } = app.window.state.prices;
  const meter = { type: 'connected-minute', perMinute: 0.5 };
  const own = {
    id: 'mine',
    label: 'Mine',
    architectureIds: ['cascade'],
    date: '2030-01-01',
    source: 'a contract',
    meter,
  };
  writeFileSync(file, JSON.stringify({ version: 1, prices: [own] }));
  rmSync(app.path(runId, 'report.json'));
  await app.do({ type: 'watch-evaluation', on: true });
  expect(app.window.state.prices).toMatchObject({ isOwn: true, problem: null, prices: [{ id: 'mine' }] });
  await app.do({ type: 'open-evaluation', runId });
  expect(app.window.reports[0]!.report.architectures[0]!.cost).toMatchObject([{ id: 'mine', perMinute: 0.5 }]);
  writeFileSync(file, '{"version": 1}');
  await app.do({ type: 'watch-evaluation', on: true });
  expect(app.window.state.prices.isOwn).toBe(false);
  expect(app.window.state.prices.problem).toContain('prices');
  expect(app.window.state.prices.prices.length).toBeGreaterThan(3);
});

test('without what it takes, the state says so and everything else is refused', async () => {
  const app = newPanel({ withoutParts: true });
  await app.do({ type: 'watch-evaluation', on: true });
  expect(app.window.state.unavailable).toContain('parley bench run');
  await expect(app.do(START)).rejects.toMatchObject({ code: 'bad-command' });
  await expect(app.do({ type: 'record-utterance', on: true })).rejects.toMatchObject({ code: 'bad-command' });
});

test('a window that no longer watches is sent nothing', async () => {
  const app = newPanel();
  await app.do({ type: 'watch-evaluation', on: true });
  await app.do({ type: 'watch-evaluation', on: false });
  const other = new PanelWindow('w2');
  await app.do({ type: 'watch-evaluation', on: true }, other);
  await app.do({ ...START });
  await app.until(() => other.state.run?.done === 1);
  expect(app.window.events).toHaveLength(1);
});
