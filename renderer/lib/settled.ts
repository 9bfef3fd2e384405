import type { TranscriptLine } from '../../main/contract/state.ts';

/** True when the line will not change any more. */
export function isSettled(line: TranscriptLine): boolean {
  return line.role === 'user' ? line.status === 'final' : line.status !== 'thinking' && line.status !== 'speaking';
}
