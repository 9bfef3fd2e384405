import { describe, expect, it } from 'vitest';
import { Evaluation } from '../../../renderer/state/evaluation.svelte.ts';
import { Notices } from '../../../renderer/state/notices.svelte.ts';
import { readyState } from '../../fakes/fake-app-server.ts';
import { evaluationState } from '../../fakes/fake-evaluation.ts';
import { comparisonReport } from '../../fixtures/comparison-report.ts';
import { setUpClient, settle } from './fake-transport.ts';

const report = comparisonReport({ repeat: 1 });

function setUp() {
  const connection = setUpClient();
  const notices = new Notices();
  const evaluation = new Evaluation({ client: connection.client, notices });
  connection.client.start();
  const sendReport = (runId: string): void =>
    connection.latest().event({
      type: 'evaluation-report',
      runId,
      report,
      preferences: { judgements: [], tallies: [] },
    });
  return { ...connection, notices, evaluation, sendReport };
}

describe('comparisons in the window', () => {
  it('are told while they are watched, also after a lost connection, with the same run open', () => {
    const { evaluation, latest, timers, sendReport } = setUp();
    evaluation.open('one');
    const stop = evaluation.watch();
    latest().welcome(readyState());
    expect(latest().commands().slice(1)).toEqual([
      { type: 'watch-evaluation', on: true },
      { type: 'open-evaluation', runId: 'one' },
    ]);
    latest().event({ type: 'evaluation', evaluation: evaluationState() });
    sendReport('one');
    expect(evaluation.state?.suites[0]?.id).toBe('rapid');
    expect(evaluation.opened?.runId).toBe('one');
    latest().lose();
    timers.run();
    latest().welcome(readyState());
    expect(latest().commands().slice(1)).toHaveLength(2);
    expect(evaluation.opened?.runId).toBe('one');
    stop();
    expect(latest().commands().at(-1)).toEqual({ type: 'watch-evaluation', on: false });
  });

  it('show no report but that of the run which is open now', () => {
    const { evaluation, latest, sendReport } = setUp();
    evaluation.watch();
    latest().welcome(readyState());
    evaluation.open('one');
    evaluation.open('two');
    sendReport('one');
    expect(evaluation.opened).toBeNull();
    sendReport('two');
    expect(evaluation.opened?.runId).toBe('two');
    evaluation.open(null);
    expect(evaluation.opened).toBeNull();
    expect(latest().commands().at(-1)).toEqual({ type: 'open-evaluation', runId: null });
  });

  it('say that a run cannot be opened, until another is', async () => {
    const { evaluation, latest, notices, sendReport } = setUp();
    evaluation.watch();
    latest().welcome(readyState());
    evaluation.open('gone');
    latest().reply('open-evaluation', { code: 'bad-input', stage: 'app', message: '', retryable: false });
    await settle();
    expect(evaluation.couldNotOpen).toBe(true);
    expect(notices.all).toHaveLength(1);
    evaluation.open('two');
    expect(evaluation.couldNotOpen).toBe(false);
    sendReport('two');
    expect(evaluation.opened?.runId).toBe('two');
  });

  it('take what went wrong back when the next command is taken', async () => {
    const { evaluation, latest, notices } = setUp();
    evaluation.watch();
    latest().welcome(readyState());
    evaluation.resume('one');
    latest().reply('resume-evaluation', { code: 'evaluation-runs', stage: 'app', message: '', retryable: true });
    await settle();
    expect(notices.all[0]?.title).toContain('A comparison is under way');
    evaluation.stop();
    latest().reply('stop-evaluation');
    await settle();
    expect(notices.all).toEqual([]);
  });

  it('ask for a turn and keep a judgement only of what is open', async () => {
    const { evaluation, latest, sendReport } = setUp();
    evaluation.watch();
    latest().welcome(readyState());
    const turn = report.turns[0]!;
    expect(await evaluation.rerun(turn, [{ stage: 'listen', text: 'x' }])).toBe(false);
    evaluation.open('one');
    sendReport('one');
    void evaluation.rerun(turn, [{ stage: 'listen', text: 'x' }]);
    expect(latest().commands().at(-1)).toEqual({
      type: 'rerun-turn',
      runId: 'one',
      turnId: turn.turnId,
      architectureId: turn.architectureId,
      repetition: turn.repetition,
      replace: [{ stage: 'listen', text: 'x' }],
    });
  });
});
