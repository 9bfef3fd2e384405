import type { ToolRisk } from '../contract/tools.ts';
import type { Clock } from '../ports/clock.ts';
import { isPlainYes } from './spoken-yes.ts';

/** "Yes" belongs to the question that was just asked, not to one of a minute ago. */
const VALID_MS = 30_000;

/**
 * A question was asked aloud, and instead of clicking, the user says "yes, go ahead": that ends the answer and begins a turn in which the model
 * asks for the same call again. It is then allowed once, if the tool only reads. For everything else the window must be used: a voice on the
 * television, or the loudspeaker itself, can say "yes" too.
 */
export class SpokenApproval {
  readonly #clock: Clock;
  #open: { tool: string; args: string; atMs: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  asked({ tool, args }: { tool: string; args: unknown }): void {
    this.#open = { tool, args: JSON.stringify(args), atMs: this.#clock.nowMs() };
  }

  /** Answered in the window, or given up. */
  settled(): void {
    this.#open = null;
  }

  allows(call: { tool: string; risk: ToolRisk; args: unknown; userText: string }): boolean {
    const open = this.#open;
    this.#open = null;
    return (
      open !== null &&
      call.risk === 'reads' &&
      open.tool === call.tool &&
      open.args === JSON.stringify(call.args) &&
      this.#clock.nowMs() - open.atMs <= VALID_MS &&
      isPlainYes(call.userText)
    );
  }
}
