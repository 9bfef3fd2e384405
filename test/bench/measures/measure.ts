import type { Settings } from '../../../main/platform/settings.ts';
import type { PulseFixture } from '../../fixtures/pulse.ts';
import type { ClipSets } from '../clips/clip-sets.ts';
import { BenchData } from '../product/bench-data.ts';
import type { KeptSessions } from '../report/kept-sessions.ts';
import { withSession, type Session } from '../session/session.ts';

/** What every measurement works with. */
export interface Bench {
  pulse: PulseFixture;
  mainFile: string;
  modelsDir: string;
  /** Of the app that is measured; the rest are defaults. */
  settings: Partial<Settings>;
  clips: ClipSets;
  kept: KeptSessions;
  /** Fewer clips and shorter answers: shows that everything works. */
  isQuick: boolean;
  /** At most so many of each kind of clip. */
  maxTurns: number;
  /** The user's own language model also where an answer of fixed words would do. */
  ownWords: boolean;
  say(line: string): void;
  /** Told of what has to be closed when the bench is stopped; returns what says that it was closed. */
  keepTrack(close: () => Promise<void>): () => void;
}

/** One run of the app on a data folder of its own, with the bench's settings and these. */
export async function runApp<T>(
  bench: Bench,
  settings: Partial<Settings>,
  use: (session: Session, data: BenchData) => Promise<T>,
): Promise<T> {
  const { pulse, mainFile, modelsDir, keepTrack } = bench;
  const data = await BenchData.create({ modelsDir, settings: { ...bench.settings, ...settings } });
  try {
    const product = { mainFile, dataDir: data.dataDir, env: pulse.env };
    return await withSession({ pulse, product, keepTrack }, (session) => use(session, data));
  } finally {
    await data.remove();
  }
}
