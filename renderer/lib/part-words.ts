import type { AppState, ChildName, ChildStatus } from '../../main/contract/state.ts';

const NAMES: Record<ChildName, string> = {
  audio: 'Sound',
  listen: 'Speech recognition',
  think: 'Language model',
  speak: 'Voice',
};

const STATUS: Partial<Record<ChildStatus, string>> = {
  starting: 'is loading',
  restarting: 'is restarting',
  unresponsive: 'does not react, waiting for it',
  failed: 'is off',
};

export interface PartWords {
  name: ChildName;
  text: string;
}

/** The parts of the app that are not in working order, in words. Parts that work, or were stopped on purpose, are not worth a word. */
export function partsToMention(children: AppState['children']): PartWords[] {
  return children.flatMap(({ name, status }) => {
    const words = STATUS[status];
    return words === undefined ? [] : [{ name, text: `${NAMES[name]} ${words}` }];
  });
}
