import type { CaptureChainState } from '../../contract/capture-chain.ts';

const FRAMES_BETWEEN = 50;
/** Meters that change by less are left as they are shown: each change is sent to every window. */
const STEP_DB = 3;

/** Tells of a state that changes all the time only what is worth telling. */
export class ShownState {
  readonly #onState: (state: CaptureChainState) => void;
  #shown: CaptureChainState | undefined;
  #frames = 0;

  constructor(onState: (state: CaptureChainState) => void) {
    this.#onState = onState;
  }

  /** To be called for every frame; looks at the state twice a second. */
  frame(state: () => CaptureChainState): void {
    if (++this.#frames < FRAMES_BETWEEN) return;
    this.#frames = 0;
    this.update(state());
  }

  update(state: CaptureChainState): void {
    const shown = this.#shown;
    const next: CaptureChainState = {
      ...state,
      erleDb: steady(state.erleDb, shown?.erleDb ?? null),
      snrDb: steady(state.snrDb, shown?.snrDb ?? null),
      noiseFloorDbfs: steady(state.noiseFloorDbfs, shown?.noiseFloorDbfs ?? null),
      gainDb: steady(state.gainDb, shown?.gainDb ?? null),
    };
    if (JSON.stringify(next) === JSON.stringify(shown)) return;
    this.#shown = next;
    this.#onState(next);
  }
}

function steady<Value extends number | null>(value: Value, shown: number | null): Value | number {
  if (value === null) return value;
  return shown !== null && Math.abs(value - shown) < STEP_DB ? shown : Math.round(value);
}
