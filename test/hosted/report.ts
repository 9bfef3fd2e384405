import type { HostedProvider } from './providers.ts';
import type { ProviderResult } from './run-hosted.ts';
import { SCENES } from './scenes.ts';

/** Before anything is opened: who will be talked to, and what that costs. */
export function planLines(providers: readonly HostedProvider[]): string[] {
  const rows = providers.map(({ label, missing, cost }) => [label, missing === null ? cost : `skipped: ${missing}`]);
  return ['What will be run, and what it costs (you pay the provider):', ...table(rows)];
}

export function resultLines(results: readonly ProviderResult[]): string[] {
  const rows = results.map((result) => [
    result.label,
    ...(result.skipped === null ? SCENES.map((scene) => mark(result.scenes[scene])) : SCENES.map(() => '–')),
    result.skipped === null ? usedWords(result) : `skipped: ${result.skipped}`,
  ]);
  const failures = results.flatMap(({ label, scenes }) =>
    Object.entries(scenes).flatMap(([scene, why]) => (why === null ? [] : [`${label}, ${scene}: ${why}`])),
  );
  return [...table([['', ...SCENES, ''], ...rows]), ...(failures.length > 0 ? ['', ...failures] : [])];
}

/** What was not played has not passed. */
export function hasFailed(results: readonly ProviderResult[]): boolean {
  return results.some(({ skipped, scenes }) => skipped === null && SCENES.some((scene) => scenes[scene] !== null));
}

function mark(why: string | null | undefined): string {
  if (why === undefined) return 'not played';
  return why === null ? 'passed' : 'FAILED';
}

function usedWords({ tokens, connectedMs }: ProviderResult): string {
  return `${Math.round(connectedMs / 1000)} s${tokens > 0 ? `, ${tokens} tokens` : ''}`;
}

function table(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}
