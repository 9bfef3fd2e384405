import type { ColdStartResult } from '../measures/cold-start.ts';
import type { FastCascadeResult, SourceFigures } from '../measures/fast-cascade.ts';
import type { IdleResult } from '../measures/idle.ts';
import type { BargeResult, HoldResult } from '../measures/overlaps.ts';
import type { TurnsResult } from '../measures/turns.ts';
import type { MeasureName } from '../options.ts';
import type { Role } from '../process/process-meter.ts';
import type { HoldSummary } from '../scoring/summarise.ts';
import type { Statistics } from '../../../main/evaluation/scoring/statistics.ts';
import type { Circumstances } from './circumstances.ts';
import { DEFINITIONS } from './definitions.ts';

export interface Results {
  cold?: ColdStartResult;
  idle?: IdleResult;
  turns?: TurnsResult;
  barge?: BargeResult;
  hold?: HoldResult;
  cascade?: FastCascadeResult;
}

/** Files smaller than this are tables and settings, not weights. */
const WEIGHTS_BYTES = 1_000_000;

export function circumstancesLines({ at, machine, commit, isModified, engines }: Circumstances): string[] {
  const memory = `${(machine.memoryMb / 1024).toFixed(1)} GB`;
  return [
    `${at}  commit ${commit}${isModified ? ' with changes' : ''}`,
    `machine: ${machine.cpu}, ${machine.cores} cores, ${memory}, load ${machine.loadAverage.join(' ')}, ${machine.system}, Node ${machine.node}`,
    ...engines.flatMap(({ stage, id, label, files }) => [
      `${stage}: ${id} (${label})`,
      ...files
        .filter(({ sizeBytes }) => sizeBytes >= WEIGHTS_BYTES)
        .map(({ name, sha256 }) => `  ${name} sha256 ${sha256}`),
    ]),
  ];
}

export function resultLines(results: Results, measures: ReadonlySet<MeasureName>): string[] {
  const { cold, idle, turns, barge, hold, cascade } = results;
  const sections: [MeasureName, string, string[] | undefined][] = [
    ['cold', 'Cold start to listening', cold && coldLines(cold)],
    ['idle', 'Idle, hands-free listening', idle && idleLines(idle)],
    ['v2v', 'Voice to voice', turns && turnsLines(turns)],
    ['partials', 'Partials', turns && partialsLines(turns)],
    ['barge', 'Interruptions', barge && bargeLines(barge)],
    ['hold', 'Sounds under which an answer goes on', hold && holdLines(hold)],
    ['cascade', 'The fast cascade beside a naive one', cascade && cascadeLines(cascade)],
  ];
  return sections.flatMap(([name, title, lines]) =>
    lines && measures.has(name) ? ['', title, ...lines, `  (${DEFINITIONS[name]})`] : [],
  );
}

function coldLines({ firstEverMs, laterMs }: ColdStartResult): string[] {
  return [`  first ever ${Math.round(firstEverMs)} ms; later ${figure(laterMs)} ms`];
}

function idleLines(idle: IdleResult): string[] {
  return [
    `  CPU over ${idle.seconds.toFixed(0)} s: app + listen + audio ${idle.cpuPercentListening.toFixed(1)}% of a core, all ${idle.cpuPercentTotal.toFixed(1)}%  (${byRole(idle.cpuPercent, 1)})`,
    ...memoryLines(idle),
  ];
}

function memoryLines({ rssMb, peakRssMb }: Pick<IdleResult, 'rssMb' | 'peakRssMb'>): string[] {
  return [`  RSS in MB: ${byRole(rssMb, 0)}`, `  peak RSS in MB: ${byRole(peakRssMb, 0)}`];
}

function turnsLines(turns: TurnsResult): string[] {
  const { summary } = turns;
  return [
    `  voice to voice ${figure(summary.voiceToVoiceMs)} ms; at most 800 ms: ${summary.within800Ms}`,
    `  answered ${summary.answered} of ${summary.turns} (${percent(summary.responseRate)}); false cut-ins ${summary.cutIns} in ${summary.turnsWithCutIn} turns; agent sounding at the user's end ${summary.soundingAtUserEnd}; turn ends declared inside speech ${turns.turnEndsInsideSpeech}`,
    `  CPU-seconds per turn ${figure(turns.cpuSecondsPerTurn, 2)}`,
    ...Object.entries(turns.cpuSecondsPerTurnByProcess).map(([role, cpu]) => `    ${role} ${figure(cpu, 2)}`),
    ...memoryLines(turns),
    "  the app's own account, ms after what it takes for the end of speech:",
    ...Object.entries(turns.ownMarksMs).map(([mark, ms]) => `    ${mark} ${figure(ms)}`),
    `    voice to voice ${figure(turns.ownVoiceToVoiceMs)}; recorded − own ${figure(turns.recordedMinusOwnMs)}`,
    ...lostLines(turns.lost),
  ];
}

function partialsLines({ partials }: TurnsResult): string[] {
  return [
    `  first words ${figure(partials.firstWordsMs)} ms after the first speech sample; while the user spoke: ${partials.whileSpeaking} of ${partials.turns} turns`,
    `  final text ${figure(partials.finalTextMs)} ms after the last`,
  ];
}

function bargeLines({ summary, words, lost }: BargeResult): string[] {
  return [
    `  onset to silence ${figure(summary.onsetToSilenceMs)} ms; yielded ${summary.yielded} of ${summary.agentSounding} (${percent(summary.yieldRate)}); ${wordsOf(words)}`,
    `  to the first 200 ms of silence ${figure(summary.onsetToFirstQuietMs)} ms (not the score: a click or an early next answer counts here for nothing)`,
    `  answered after it ${summary.answeredAfter} of ${summary.interruptions}, ${figure(summary.voiceToVoiceAfterMs)} ms after its end`,
    ...lostLines(lost),
  ];
}

function holdLines({ summary, bySource, words, lost }: HoldResult): string[] {
  return [
    `  ${holdCounts(summary)}; selectivity ${percent(summary.selectivity)}; ${wordsOf(words)}`,
    ...Object.entries(bySource).map(([source, counts]) => `    ${source}: ${holdCounts(counts)}`),
    ...lostLines(lost),
  ];
}

function cascadeLines({ llmFree, tuned, tunedBySource, naive, ...result }: FastCascadeResult): string[] {
  const { utterances, withoutModel, wrong } = llmFree;
  const row = (name: string, { voiceToVoiceMs, cpuSecondsPerTurn }: SourceFigures): string =>
    `  ${name.padEnd(22)} voice to voice ${figure(voiceToVoiceMs)} ms; CPU-seconds per turn ${figure(cpuSecondsPerTurn, 2)}`;
  return [
    row('cascade, all turns', tuned),
    ...Object.entries(tunedBySource).map(([source, figures]) => row(`  by ${source}`, figures)),
    row('naive cascade', naive),
    `  ratio of medians: all turns ${ratio(result.ratio)}, turns of the model ${ratio(result.ratioOfModelTurns)}`,
    `  LLM-free share: ${withoutModel} of ${utterances} everyday utterances (${percent(withoutModel / utterances)}), ${wrong} wrong`,
  ];
}

function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function holdCounts({ holds, kept, resumed, stopped }: HoldSummary): string {
  return `kept ${kept}, resumed ${resumed}, stopped ${stopped} of ${holds}`;
}

function wordsOf(words: BargeResult['words']): string {
  return words === 'fixed' ? 'answers of fixed words' : "the language model's own words";
}

function lostLines(lost: readonly string[]): string[] {
  return lost.length === 0
    ? []
    : [`  not scored (no answer to say it into, or not whole on the wire): ${lost.join(', ')}`];
}

function byRole(values: Partial<Record<Role, number>>, digits: number): string {
  return Object.entries(values)
    .map(([role, value]) => `${role} ${value.toFixed(digits)}`)
    .join(', ');
}

export function figure({ n, p50, p95, min, max }: Statistics, digits = 0): string {
  if (p50 === null) return '– (n=0)';
  const [median, tail, least, most] = [p50, p95!, min!, max!].map((value) => value.toFixed(digits));
  return `p50 ${median} p95 ${tail} (n=${n}, ${least}…${most})`;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(0)}%`;
}
