const MAX_LINES = 20;
const MAX_LINE_CHARS = 300;

/** The last lines that a child wrote to stderr, bounded, for the log when it dies. */
export class StderrTail {
  #lines: string[] = [];
  #open = '';

  push(text: string): void {
    const lines = (this.#open + text).split(/\r?\n/);
    this.#open = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS);
    for (const line of lines) if (line.trim() !== '') this.#lines.push(line.slice(0, MAX_LINE_CHARS));
    this.#lines = this.#lines.slice(-MAX_LINES);
  }

  get lines(): string[] {
    return this.#open.trim() === '' ? [...this.#lines] : [...this.#lines, this.#open].slice(-MAX_LINES);
  }
}
