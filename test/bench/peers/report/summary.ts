import type { Interval } from '../../../../main/contract/evaluation-report.ts';
import { bootstrap } from '../../../../main/evaluation/scoring/intervals.ts';
import { statisticsOf, type Statistics } from '../../../../main/evaluation/scoring/statistics.ts';
import { summariseBarges, summariseTurns, type BargeSummary, type TurnsSummary } from '../../scoring/summarise.ts';
import { PRODUCTS, ROWS, type Product, type Row } from '../plan.ts';
import type { PeerClip, PeerSessionResult } from '../session/session-result.ts';

export interface ProductFigures {
  sessions: number;
  turns: TurnsSummary;
  /** By the product's own account; a faster answer would make each of them a cut-in. */
  turnEndsInsideSpeech: number;
  turnsWithEndInsideSpeech: number;
  barges: BargeSummary;
  /** Of single turns; the server's time is apart. */
  cpuSecondsPerTurn: Statistics;
  serverCpuSecondsPerTurn: Statistics;
  coldStartMs: Statistics;
  idleCpuPercent: Statistics;
  /** The largest of its sessions. */
  peakRssMb: number | null;
  serverPeakRssMb: number | null;
  /** How many answers each of its parts gave, by its own account. */
  answeredBy: Record<string, number>;
  lost: string[];
}

/** Parley / Pipecat over the same clips, with a 95% interval (bootstrap over clips). Null: too few. */
export interface Ratios {
  voiceToVoiceP50: Interval | null;
  voiceToVoiceP95: Interval | null;
  cpuSeconds: Interval | null;
  /** With the server's. */
  allCpuSeconds: Interval | null;
}

export interface RowSummary {
  products: Record<Product, ProductFigures>;
  ratios: Ratios;
  /** Only clips that Parley's language model answered every time: what a table or code answers is not the same work. */
  modelTurns: { clips: number; voiceToVoiceMs: Record<Product, Statistics>; ratios: Ratios };
}

type Turn = PeerClip & { kind: 'turn' };
interface OwnedTurn {
  product: Product;
  turn: Turn;
}

export function summarise(results: readonly PeerSessionResult[]): Partial<Record<Row, RowSummary>> {
  const rows = ROWS.map((row) => [row, results.filter(({ session }) => session.row === row)] as const);
  return Object.fromEntries(rows.filter(([, some]) => some.length > 0).map(([row, some]) => [row, summariseRow(some)]));
}

function summariseRow(results: readonly PeerSessionResult[]): RowSummary {
  const turns = results.flatMap(({ session: { product }, clips }) =>
    clips.filter(isSingleTurn).map((turn): OwnedTurn => ({ product, turn })),
  );
  const byClip = Map.groupBy(turns, ({ turn }) => turn.id);
  const both = [...byClip.values()].filter((some) =>
    PRODUCTS.every((each) => some.some(({ product }) => product === each)),
  );
  const byModel = both.filter((some) =>
    some.every(({ product, turn }) => product !== 'parley' || turn.answeredBy === 'model'),
  );
  return {
    products: perProduct((product) => figuresOf(results.filter(({ session }) => session.product === product))),
    ratios: ratiosOf(both),
    modelTurns: {
      clips: byModel.length,
      voiceToVoiceMs: perProduct((product) =>
        statisticsOf(ownedBy(product, byModel.flat()).map((t) => t.voiceToVoiceMs)),
      ),
      ratios: ratiosOf(byModel),
    },
  };
}

function figuresOf(results: readonly PeerSessionResult[]): ProductFigures {
  const clips = results.flatMap((result) => result.clips);
  const turns = clips.filter(isSingleTurn);
  const endsInside = turns.map(({ turnEndsMs }) => turnEndsMs.filter((atMs) => atMs < 0).length);
  return {
    sessions: results.length,
    turns: summariseTurns(turns),
    turnEndsInsideSpeech: endsInside.reduce((sum, count) => sum + count, 0),
    turnsWithEndInsideSpeech: endsInside.filter((count) => count > 0).length,
    barges: summariseBarges(clips),
    cpuSecondsPerTurn: statisticsOf(turns.map(({ cpuSeconds }) => cpuSeconds)),
    serverCpuSecondsPerTurn: statisticsOf(turns.map(({ serverCpuSeconds }) => serverCpuSeconds)),
    coldStartMs: statisticsOf(results.map(({ coldStartMs }) => coldStartMs)),
    idleCpuPercent: statisticsOf(results.map(({ idle }) => idle.cpuPercent)),
    peakRssMb: statisticsOf(results.map(({ peakRssMb }) => peakRssMb.product)).max,
    serverPeakRssMb: statisticsOf(results.map(({ peakRssMb }) => peakRssMb.server)).max,
    answeredBy: countedBy(turns.filter(({ answered }) => answered).map(({ answeredBy }) => answeredBy ?? 'not said')),
    lost: results.flatMap(({ lost }) => lost),
  };
}

function ratiosOf(clips: readonly (readonly OwnedTurn[])[]): Ratios {
  const ratio = (of: (turn: Turn) => number | null, quantile: 'p50' | 'p95'): Interval | null =>
    bootstrap(clips, (turns) => {
      const { parley, pipecat } = perProduct((product) => statisticsOf(ownedBy(product, turns).map(of))[quantile]);
      return parley === null || pipecat === null || pipecat === 0 ? null : parley / pipecat;
    });
  return {
    voiceToVoiceP50: ratio((turn) => turn.voiceToVoiceMs, 'p50'),
    voiceToVoiceP95: ratio((turn) => turn.voiceToVoiceMs, 'p95'),
    cpuSeconds: ratio((turn) => turn.cpuSeconds, 'p50'),
    allCpuSeconds: ratio((turn) => turn.cpuSeconds + (turn.serverCpuSeconds ?? 0), 'p50'),
  };
}

function isSingleTurn(clip: PeerClip): clip is Turn {
  return clip.kind === 'turn' && !clip.isRequest;
}

function ownedBy(product: Product, turns: readonly OwnedTurn[]): Turn[] {
  return turns.filter((each) => each.product === product).map(({ turn }) => turn);
}

function perProduct<T>(of: (product: Product) => T): Record<Product, T> {
  return { parley: of('parley'), pipecat: of('pipecat') };
}

function countedBy(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, some]) => [name, some.length]));
}
