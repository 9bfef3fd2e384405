import {
  evaluationFileUrl,
  type EvaluationEntry,
  type EvaluationState,
  type Judgement,
} from '../../main/contract/evaluation.ts';
import type { Report } from '../../main/contract/evaluation-report.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type { AppCommand } from '../../main/transport/app-endpoint.ts';
import { CHOICES, comparisonReport, PRICES } from '../fixtures/comparison-report.ts';
import { recordingOf } from '../fixtures/comparison-sound.ts';

export const RUN_ID = '2030-01-01-rapid';

/** The comparison's side of the app, without engines: it shows what a test sets and keeps judgements. */
export class FakeEvaluation {
  state: EvaluationState = evaluationState();
  report: Report = comparisonReport();
  judgements: Judgement[] = [];
  /** Does not answer when a report is opened. */
  isSlow = false;
  readonly #send: (event: AppEvent) => void;

  constructor(send: (event: AppEvent) => void) {
    this.#send = send;
  }

  /** Shows windows a changed state. */
  set(change: Partial<EvaluationState>): void {
    this.state = { ...this.state, ...change };
    this.#send({ type: 'evaluation', evaluation: this.state });
  }

  setReport(report: Report): void {
    this.report = report;
    this.#sendReport();
  }

  obey(command: AppCommand): void {
    if (command.type === 'watch-evaluation' && command.on) this.set({});
    else if (command.type === 'open-evaluation' && command.runId === RUN_ID && !this.isSlow) this.#sendReport();
    else if (command.type === 'prefer-answer') {
      const { turnId, a, b, preferred } = command;
      this.judgements = [...this.judgements, { turnId, a, b, preferred }];
      this.#sendReport();
    }
  }

  /** A file of a run, by the path of its address. */
  fileAt(path: string): { body: Buffer; contentType: string } | undefined {
    const file = this.report.turns
      .map(({ audioFile }) => audioFile)
      .find((each) => evaluationFileUrl(RUN_ID, each) === path);
    if (file !== undefined) return { body: recordingOf(this.report, file), contentType: 'audio/wav' };
    if (path !== evaluationFileUrl(RUN_ID, 'report.html')) return undefined;
    return {
      body: Buffer.from('<!doctype html><title>Comparison of voice architectures</title>'),
      contentType: 'text/html',
    };
  }

  #sendReport(): void {
    const { report, judgements } = this;
    this.#send({ type: 'evaluation-report', runId: RUN_ID, report, preferences: { judgements, tallies: talliesOf(judgements) } }); // prettier-ignore
  }
}

/** What is shown of preferences; the test of the real one is elsewhere, so p is not computed here. */
function talliesOf(judgements: readonly Judgement[]) {
  const pairs = Map.groupBy(judgements, ({ a, b }) => [a.architectureId, b.architectureId].toSorted().join(' '));
  return [...pairs].map(([names, some]) => {
    const [a = '', b = ''] = names.split(' ');
    const wonBy = (id: string): number =>
      some.filter((one) => one.preferred !== 'neither' && one[one.preferred].architectureId === id).length;
    return {
      a,
      b,
      aWins: wonBy(a),
      bWins: wonBy(b),
      ties: some.filter(({ preferred }) => preferred === 'neither').length,
      firstWins: some.filter(({ preferred }) => preferred === 'a').length,
      p: 1,
      verdict: 'no difference shown' as const,
    };
  });
}

export function entry(change: Partial<EvaluationEntry> = {}): EvaluationEntry {
  return {
    runId: RUN_ID,
    at: '2030-01-01T11:20:00.000Z',
    title: 'Rapid, barge-in and tools',
    kind: 'suites',
    architectureIds: ['cascade', 'naive-cascade', 'openai-realtime'],
    suites: ['rapid', 'barge-in', 'tools'],
    repeat: 3,
    done: 27,
    total: 27,
    isComplete: true,
    failure: null,
    ...change,
  };
}

export function evaluationState(): EvaluationState {
  const suite = (id: string, title: string, about: string, scenarios: number) => ({
    id,
    title,
    about,
    scenarios: Array.from({ length: scenarios }, (_, i) => ({
      id: `${id}-${i}`,
      title: `${title} ${i + 1}`,
      turns: 6,
    })),
    seconds: 45 * scenarios,
  });
  return {
    unavailable: null,
    suites: [
      suite('rapid', 'Rapid short utterances', 'One short turn after another, as at a counter.', 3),
      suite('context', 'Context growth', 'Thirty turns and more, with facts asked back at the end.', 1),
      suite('barge-in', 'Barge-in', 'Interruptions, backchannels and noises while the agent speaks.', 4),
      suite('tools', 'Tools', 'Calls in a flow, with corrections: no, Thursday.', 3),
      suite('noise', 'Noise and devices', 'Babble, music, a far microphone, Bluetooth.', 8),
    ],
    run: null,
    runs: [
      entry(),
      entry({ runId: 'stopped', title: 'Noise and devices', suites: ['noise'], done: 5, total: 48, isComplete: false }),
      entry({
        runId: 'broken',
        title: 'broken',
        failure: { code: 'bad-input', stage: 'app', message: '', retryable: false },
      }),
    ],
    recording: null,
    recorded: null,
    prices: { prices: PRICES, file: '/home/you/.config/parley/prices.json', isOwn: false, problem: null },
    failure: null,
    notice: null,
  };
}

export const ARCHITECTURE_STATE = { currentId: 'cascade', isSwitching: false, choices: CHOICES };
