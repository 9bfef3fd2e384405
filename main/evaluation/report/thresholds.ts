import type { Figures, Report } from '../../contract/evaluation-report.ts';

/** Figures that a threshold can name. */
const METRICS: Readonly<Record<string, (figures: Figures) => number | null>> = {
  'v2v-p50': ({ voiceToVoiceMs }) => voiceToVoiceMs.p50,
  'v2v-p95': ({ voiceToVoiceMs }) => voiceToVoiceMs.p95,
  'pass-rate': ({ passRate }) => passRate?.value ?? null,
  'response-rate': ({ responseRate }) => responseRate?.value ?? null,
  'takeover-rate': ({ takeoverRate }) => takeoverRate?.value ?? null,
  'cut-in-rate': ({ cutInRate }) => cutInRate?.value ?? null,
  'yield-rate': ({ yieldRate }) => yieldRate?.value ?? null,
  'silence-p95': ({ toSilenceMs }) => toSilenceMs.p95,
  selectivity: ({ selectivity }) => selectivity?.value ?? null,
  wer: ({ wordErrorRate }) => wordErrorRate?.value ?? null,
  'heard-truth': ({ heardTruth }) => heardTruth?.value ?? null,
  'tool-accuracy': ({ toolAccuracy }) => toolAccuracy?.value ?? null,
  'unasked-calls': ({ unaskedCalls }) => unaskedCalls,
};

export interface Threshold {
  /** Undefined: every architecture. */
  architectureId: string | undefined;
  metric: string;
  relation: '<=' | '>=';
  limit: number;
}

/** `cascade:v2v-p50<=600` or `pass-rate>=0.9`. Throws with a sentence for the user. */
export function parseThreshold(text: string): Threshold {
  const match = /^(?:([\w.-]+):)?([\w-]+)\s*(<=|>=)\s*([\d.]+)$/.exec(text.trim());
  const [, architectureId, metric, relation, limit] = match ?? [];
  if (metric === undefined || !Object.hasOwn(METRICS, metric)) {
    throw new Error(
      `"${text}" is no threshold, such as cascade:v2v-p95<=1200; there are ${Object.keys(METRICS).join(', ')}`,
    );
  }
  return { architectureId, metric, relation: relation as Threshold['relation'], limit: Number(limit) };
}

/** What is not met, in words. A figure that was not measured does not meet anything. */
export function unmetThresholds(report: Report, thresholds: readonly Threshold[]): string[] {
  return thresholds.flatMap(({ architectureId, metric, relation, limit }) => {
    const ones = report.architectures.filter(({ id }) => architectureId === undefined || id === architectureId);
    if (ones.length === 0) return [`${architectureId ?? 'nothing'} was not measured`];
    return ones.flatMap(({ id, figures }) => {
      const value = METRICS[metric]!(figures);
      const isMet = value !== null && (relation === '<=' ? value <= limit : value >= limit);
      return isMet ? [] : [`${id}: ${metric} is ${value === null ? 'not known' : Math.round(value * 1000) / 1000}, not ${relation} ${limit}`]; // prettier-ignore
    });
  });
}
