import type { GlobalKey, GlobalKeyState } from '../../main/contract/preferences.ts';

const BECAUSE = {
  wanted: '',
  wayland: ' Wayland tells programs only when a key goes down, not when it goes up.',
  'not-permitted': ' For holding it, allow Parley under Privacy & Security → Input Monitoring and start it again.',
  'not-available': ' Its going up cannot be noticed on this machine.',
};

/** How well a key outside the window works; nothing when none is chosen. */
export function globalKeyWords(state: GlobalKeyState): string | undefined {
  switch (state.works) {
    case 'off':
      return undefined;
    case 'hold':
      return 'Works in every program: hold it while you speak.';
    case 'toggle':
      return `Works in every program: press it, speak, and press it again.${BECAUSE[state.because]}`;
    case 'no':
      return 'Another program has this key. Choose another one.';
    default:
      return state satisfies never;
  }
}

/** As it is written on keyboards: `Ctrl + Alt + Space`. */
export function keyName(key: GlobalKey, platform: string): string {
  const isMac = platform === 'darwin';
  return key
    .split('+')
    .map((part) => (part === 'Control' ? (isMac ? 'Control' : 'Ctrl') : part === 'Alt' && isMac ? 'Option' : part))
    .join(' + ');
}
