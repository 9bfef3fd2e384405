import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WavWriter } from '../../../main/audio/wav-writer.ts';
import type { BenchData } from '../product/bench-data.ts';
import type { SeenLine } from '../../../main/evaluation/scoring/own-account.ts';
import type { Conversation } from '../session/conversation.ts';
import type { Session } from '../session/session.ts';

/** Recordings for those who want to listen, or to score them with another program. */
export class KeptSessions {
  readonly #folder: string | undefined;

  /** Undefined: nothing is kept. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /**
   * `<folder>/<name>/session.wav` (left: microphone, right: loudspeaker), `turns.json` (where each clip lies in it, in seconds),
   * `lines.json` (what a window was told, and when on the recording) and the app's log.
   */
  async keep(name: string, options: { conversation: Conversation; session: Session; data: BenchData }): Promise<void> {
    if (this.#folder === undefined) return;
    const folder = join(this.#folder, name);
    await mkdir(folder, { recursive: true });
    const { conversation, session, data } = options;
    const { wires, sampleRateHz, clips } = conversation;
    const writer = new WavWriter({ filePath: join(folder, 'session.wav'), sampleRateHz, channels: 2 });
    writer.write(wires.microphone, wires.loudspeaker);
    writer.close();
    const turns = clips.map(({ placed, planned, slipMs }) => ({
      id: placed.id,
      kind: placed.kind,
      source: planned.source,
      start_s: placed.startSample / sampleRateHz,
      end_s: placed.endSample / sampleRateHz,
      slip_ms: slipMs,
    }));
    await writeFile(join(folder, 'turns.json'), `${JSON.stringify({ rate: sampleRateHz, turns }, undefined, 1)}\n`);
    const lines = changedLines(session.client.seen).map(({ atMs, line }) => ({
      at_s: session.recording.positionAt(atMs) / sampleRateHz,
      ...line,
    }));
    await writeFile(join(folder, 'lines.json'), `${JSON.stringify(lines, undefined, 1)}\n`);
    await copyFile(data.logFile, join(folder, 'parley.log')).catch(() => {});
  }
}

/** Without those that only tell how far an answer was heard: fifty a second. */
function changedLines(seen: readonly SeenLine[]): SeenLine[] {
  return seen.filter(({ line }, i) => {
    const before = seen[i - 1]?.line;
    return before?.id !== line.id || before.status !== line.status || before.text !== line.text;
  });
}
