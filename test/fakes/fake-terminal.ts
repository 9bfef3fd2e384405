import type { Terminal } from '../../main/cli/terminal.ts';

/** Keeps what a command said. */
export class FakeTerminal implements Terminal {
  readonly isInteractive: boolean;
  readonly columns = 80;
  readonly outLines: string[] = [];
  readonly notes: string[] = [];
  readonly drawn: string[] = [];

  constructor({ isInteractive = false } = {}) {
    this.isInteractive = isInteractive;
  }

  out(text: string): void {
    this.outLines.push(text);
  }

  note(text: string): void {
    this.notes.push(text);
  }

  draw(line: string): void {
    if (this.isInteractive) this.drawn.push(line);
  }
}
