import { LevelHistory } from './level-history.ts';

/** Half a second that the voice detector is sure of all the time says how loud a voice is. */
const VOICE_WINDOWS = 16;
const SURE_PROBABILITY = 0.8;
/** People move, and turn their heads: 30 s. */
const REMEMBERED_WINDOWS = 940;
/** Syllables sink and rise by as much within 192 ms. */
const SMOOTHED_WINDOWS = 6;
/** So far below the loudest voice it is another one, further off … */
const FURTHER_DB = 8;
/** … if the room itself is loud: the tenth quietest part of the last 2 s is no further below. In a quiet room the same is a soft word. */
const ROOM_WINDOWS = 62;
const ROOM_QUANTILE = 0.1;
const ROOM_BELOW_DB = 20;

/**
 * Tells the voice that is spoken to us from those that are talking in the room. A voice detector hears both, and among people who talk no turn would
 * ever end. Set on the recordings of the shipped suites, on recorded talk at 5 to 15 dB and on 126 acted sentences: among talk every turn's end
 * is found, and of 7590 windows of acted speech in a quiet room one is lost (docs/turn-taking.md).
 */
export class NearVoice {
  readonly #levels = new LevelHistory(ROOM_WINDOWS);
  #windows = 0;
  /** In a row. */
  #sureWindows = 0;
  /** Levels of voices, the loudest first and each older than the next: the first is the loudest of those remembered. */
  readonly #voices: { window: number; dbfs: number }[] = [];

  /** For each window in turn: the voice detector's probability, or 0 where a voice is only the room's. */
  judge({ probability, levelDbfs }: { probability: number; levelDbfs: number }): number {
    this.#windows++;
    this.#levels.add(levelDbfs);
    this.#learn(probability >= SURE_PROBABILITY);
    return this.#isOfTheRoom() ? 0 : probability;
  }

  /** Another stream begins. */
  reset(): void {
    this.#levels.clear();
    this.#voices.length = this.#sureWindows = 0;
  }

  #learn(isSure: boolean): void {
    this.#sureWindows = isSure ? this.#sureWindows + 1 : 0;
    const forgotten = this.#windows - REMEMBERED_WINDOWS;
    if (this.#voices[0] && this.#voices[0].window <= forgotten) this.#voices.shift();
    if (this.#sureWindows < VOICE_WINDOWS) return;
    const dbfs = this.#levels.meanDbfs(VOICE_WINDOWS);
    while (this.#voices.length > 0 && this.#voices.at(-1)!.dbfs <= dbfs) this.#voices.pop();
    this.#voices.push({ window: this.#windows, dbfs });
  }

  #isOfTheRoom(): boolean {
    const loudest = this.#voices[0];
    if (!loudest || this.#levels.meanDbfs(SMOOTHED_WINDOWS) >= loudest.dbfs - FURTHER_DB) return false;
    return this.#levels.quantileDbfs(ROOM_QUANTILE) > loudest.dbfs - ROOM_BELOW_DB;
  }
}
