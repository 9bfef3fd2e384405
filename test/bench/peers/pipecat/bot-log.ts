import { z } from 'zod';

const eventSchema = z.object({
  event: z.enum(['listening', 'turn-end', 'understood']),
  /** Seconds of CLOCK_MONOTONIC. */
  at: z.number(),
  text: z.string().optional(),
});
export type BotEvent = z.infer<typeof eventSchema>;

/** A line that bot.py has printed; undefined for what libraries print between them. */
export function botEvent(line: string): BotEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Python's time.monotonic() and process.hrtime() read one clock on Linux; performance.now() counts on it from another beginning. */
export function monotonicOffsetMs(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}
