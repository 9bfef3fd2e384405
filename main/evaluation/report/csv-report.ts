import type { TurnResult } from '../../contract/evaluation-turn.ts';
import type { Report } from '../../contract/evaluation-report.ts';

const COLUMNS: readonly (keyof TurnResult)[] = [
  'architectureId',
  'suite',
  'scenario',
  'index',
  'repetition',
  'as',
  'passed',
  'voiceToVoiceMs',
  'tookFloor',
  'cutIns',
  'yielded',
  'toSilenceMs',
  'selective',
  'wordErrors',
  'referenceWords',
  'heardTruthErrors',
  'heardTruthWords',
  'toolsRight',
  'toolsExpected',
  'toolsUnasked',
  'answeredBy',
  'traceId',
  'text',
  'ownUserText',
  'agentWords',
];

/** One line for each turn (RFC 4180). Empty: not known or not asked. */
export function csvReport({ turns }: Report): string {
  const header = [...COLUMNS, 'suspectStage', 'suspectWhy'];
  const lines = turns.map((turn) => [...COLUMNS.map((name) => turn[name]), turn.suspect?.stage, turn.suspect?.why]);
  return [header, ...lines].map((cells) => cells.map(field).join(',')).join('\r\n') + '\r\n';
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // A spreadsheet would take words that begin like this for a formula.
  const safe = /^[=+@\t]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
