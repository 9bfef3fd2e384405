import { formatBytes } from '../platform/models/format-bytes.ts';
import type { TransferProgress } from '../platform/models/transfer-tally.ts';
import type { Clock } from '../ports/clock.ts';
import type { Terminal } from './terminal.ts';

const BAR_CELLS = 24;
const DRAW_EVERY_MS = 100;

/** Shows a transfer as a bar that is drawn over, or, where nobody watches (a log), as one line per tenth. */
export class TransferDisplay {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  #drawnAtMs = -Infinity;
  #tenth = 0;

  constructor({ terminal, clock }: { terminal: Terminal; clock: Clock }) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  show(progress: TransferProgress): void {
    const share = progress.totalBytes > 0 ? progress.doneBytes / progress.totalBytes : 1;
    if (this.#terminal.isInteractive) this.#drawBar(share, progress);
    else this.#printTenth(share, progress);
  }

  clear(): void {
    this.#terminal.draw('');
  }

  #drawBar(share: number, progress: TransferProgress): void {
    const nowMs = this.#clock.nowMs();
    if (share < 1 && nowMs - this.#drawnAtMs < DRAW_EVERY_MS) return;
    this.#drawnAtMs = nowMs;
    const full = Math.round(share * BAR_CELLS);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
    this.#terminal.draw(`${bar} ${summary(share, progress)}`.slice(0, this.#terminal.columns - 1));
  }

  #printTenth(share: number, progress: TransferProgress): void {
    // Never back: a plan that changes can lower the share.
    const tenth = Math.floor(share * 10);
    if (tenth <= this.#tenth) return;
    this.#tenth = tenth;
    this.#terminal.note(`  ${summary(share, progress)}`);
  }
}

function summary(
  share: number,
  { label, doneBytes, totalBytes, bytesPerSecond, secondsLeft }: TransferProgress,
): string {
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const left = secondsLeft === null || share >= 1 ? '' : `, ${formatDuration(secondsLeft)} left`;
  const rate = bytesPerSecond > 0 ? `, ${formatBytes(bytesPerSecond)}/s` : '';
  return `${percent}  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}${rate}${left}  ${label}`;
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
