import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { BaselineTurn } from '../domain/voice-cues/speaker-baseline.ts';
import { writeFileAtomically } from '../platform/atomic-file.ts';

const fileSchema = z.object({
  /** Of the model: a new one asks other things of a voice, and old baselines mean nothing to it. */
  features: z.array(z.string()),
  devices: z.record(
    z.string(),
    z.object({
      usedAtMs: z.number(),
      turns: z.array(
        z.object({ vector: z.array(z.number()), levelDb: z.number(), speaker: z.array(z.number()).optional() }),
      ),
    }),
  ),
});
type Kept = z.infer<typeof fileSchema>;

/** Speaker baselines on disk, one a microphone: measures of a voice, no sound. Nothing is kept longer than asked for. */
export class VoiceBaselineFile {
  readonly #file: string;
  readonly #features: readonly string[];
  #devices: Kept['devices'] = {};
  #work: Promise<void> = Promise.resolve();

  constructor(options: { file: string; features: readonly string[] }) {
    this.#file = options.file;
    this.#features = options.features;
  }

  /** Those that were used within `maxAgeMs`; the others are forgotten on disk too. A file that cannot be read counts as none. */
  async load({ nowMs, maxAgeMs }: { nowMs: number; maxAgeMs: number }): Promise<Map<string, BaselineTurn[]>> {
    const kept = await this.#read();
    const entries = Object.entries(kept?.devices ?? {});
    const young = entries.filter(([, { usedAtMs }]) => nowMs - usedAtMs <= maxAgeMs);
    this.#devices = Object.fromEntries(young);
    if (young.length < entries.length) await this.#write();
    return new Map(young.map(([id, { turns }]) => [id, turns]));
  }

  async keep(deviceId: string, turns: readonly BaselineTurn[], usedAtMs: number): Promise<void> {
    const copies = turns.map(({ vector, levelDb, speaker }) => ({
      ...{ vector: [...vector], levelDb },
      ...(speaker ? { speaker: [...speaker] } : {}),
    }));
    this.#devices[deviceId] = { usedAtMs, turns: copies };
    await this.#write();
  }

  async forget(): Promise<void> {
    this.#devices = {};
    await this.#inTurn(() => rm(this.#file, { force: true }));
  }

  async #read(): Promise<Kept | null> {
    try {
      const parsed = fileSchema.safeParse(JSON.parse(await readFile(this.#file, 'utf8')));
      const isOurs = parsed.success && parsed.data.features.join() === this.#features.join();
      return isOurs ? parsed.data : null;
    } catch {
      return null;
    }
  }

  #write(): Promise<void> {
    const kept: Kept = { features: [...this.#features], devices: this.#devices };
    return this.#inTurn(() => writeFileAtomically(this.#file, JSON.stringify(kept)));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }
}
