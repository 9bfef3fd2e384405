import type { Interval } from '../../../../main/contract/evaluation-report.ts';
import type { Statistics } from '../../../../main/evaluation/scoring/statistics.ts';
import type { Row } from '../plan.ts';
import type { ProductFigures, Ratios, RowSummary } from './summary.ts';

const TITLES: Readonly<Record<Row, string>> = {
  'same-weights': 'Same weights, fixed words, one model server',
  defaults: "Each product's own defaults, the model's own words",
};

export function summaryLines(rows: Partial<Record<Row, RowSummary>>): string[] {
  return Object.entries(rows).flatMap(([row, summary]) => rowLines(row as Row, summary));
}

/** A table in Markdown, as it is put into docs/benchmarks.md. */
function rowLines(row: Row, { products, ratios, modelTurns }: RowSummary): string[] {
  const { parley, pipecat } = products;
  const line = (name: string, of: (figures: ProductFigures) => string, ratio = ''): string =>
    `| ${name} | ${of(parley)} | ${of(pipecat)} | ${ratio} |`;
  const { voiceToVoiceMs: model } = modelTurns;
  return [
    '',
    TITLES[row],
    '',
    '| figure | Parley | Pipecat | ratio (95% interval) |',
    '|---|---|---|---|',
    line('voice to voice p50 / p95, ms', (each) => quantiles(each.turns.voiceToVoiceMs), pair(ratios)),
    `| the same, ${modelTurns.clips} clips that the language model answered | ${quantiles(model.parley)} | ${quantiles(model.pipecat)} | ${pair(modelTurns.ratios)} |`,
    line('turns answered', ({ turns }) => `${turns.answered} of ${turns.turns}`),
    line('cut-ins heard (turns with one)', ({ turns }) => `${turns.cutIns} (${turns.turnsWithCutIn})`),
    line(
      'turn ends declared inside speech (turns)',
      (each) => `${each.turnEndsInsideSpeech} (${each.turnsWithEndInsideSpeech})`,
    ),
    line('interruptions obeyed within 2 s', ({ barges }) => `${barges.yielded} of ${barges.agentSounding}`),
    line('interruption to silence p50 / p95, ms', ({ barges }) => quantiles(barges.onsetToSilenceMs)),
    line('CPU-seconds per turn p50 / p95', (each) => quantiles(each.cpuSecondsPerTurn, 2), interval(ratios.cpuSeconds)),
    line("… of the model's server", (each) => quantiles(each.serverCpuSecondsPerTurn, 2)),
    line('… with the server, p50', withServer, interval(ratios.allCpuSeconds)),
    line('idle, % of a core', (each) => number(each.idleCpuPercent.mean, 1)),
    line('peak RSS, MB (server)', (each) => `${number(each.peakRssMb)} (${number(each.serverPeakRssMb)})`),
    line('start to listening, ms', (each) => `${number(each.coldStartMs.min)} … ${number(each.coldStartMs.max)}`),
    line('answered by', ({ answeredBy }) =>
      Object.entries(answeredBy)
        .map(([who, n]) => `${who} ${n}`)
        .join(', '),
    ),
    line('clips lost', ({ lost }) => (lost.length === 0 ? 'none' : lost.join(', '))),
  ];
}

function withServer({ cpuSecondsPerTurn, serverCpuSecondsPerTurn }: ProductFigures): string {
  return number((cpuSecondsPerTurn.p50 ?? 0) + (serverCpuSecondsPerTurn.p50 ?? 0), 2);
}

function pair({ voiceToVoiceP50, voiceToVoiceP95 }: Ratios): string {
  return `${interval(voiceToVoiceP50)} / ${interval(voiceToVoiceP95)}`;
}

function interval(of: Interval | null): string {
  return of === null ? '–' : `${of.value.toFixed(2)} (${of.low.toFixed(2)} … ${of.high.toFixed(2)})`;
}

function quantiles({ n, p50, p95 }: Statistics, digits = 0): string {
  return n === 0 ? '–' : `${number(p50, digits)} / ${number(p95, digits)} (n=${n})`;
}

function number(value: number | null, digits = 0): string {
  return value === null ? '–' : value.toFixed(digits);
}
