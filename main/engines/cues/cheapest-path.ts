/** What each frame of a stretch may be, what that costs, and what it costs to go from one to the next. */
export interface PathCosts<Frame, State> {
  states(frame: Frame): readonly State[];
  own(state: State, frame: Frame): number;
  step(from: State, to: State): number;
  /** Before the first frame. */
  start: State;
}

/** The state of every frame on the cheapest path through them (Viterbi). */
export function cheapestPath<Frame, State>(frames: readonly Frame[], costs: PathCosts<Frame, State>): State[] {
  const stages: { states: readonly State[]; cameFrom: number[] }[] = [];
  let before: readonly State[] = [costs.start];
  let totals = [0];
  for (const frame of frames) {
    const states = costs.states(frame);
    const cameFrom: number[] = [];
    const next = states.map((state) => {
      let [best, least] = [0, Infinity];
      for (let i = 0; i < before.length; i++) {
        const total = totals[i]! + costs.step(before[i]!, state);
        if (total < least) [least, best] = [total, i];
      }
      cameFrom.push(best);
      return least + costs.own(state, frame);
    });
    stages.push({ states, cameFrom });
    [totals, before] = [next, states];
  }
  let at = totals.indexOf(Math.min(...totals));
  const path = new Array<State>(frames.length);
  for (let i = frames.length - 1; i >= 0; i--) {
    path[i] = stages[i]!.states[at]!;
    at = stages[i]!.cameFrom[at]!;
  }
  return path;
}
