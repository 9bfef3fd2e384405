/** What a key press in the window means, or nothing when the focused element needs the key itself. */
export type Shortcut = 'talk' | 'stop' | 'toggle-mute';

export interface KeyPress {
  /** KeyboardEvent.key */
  key: string;
  hasModifier: boolean;
  /** Something that is typed into has the focus. */
  typing: boolean;
  /** A control that acts on the space bar (button, switch, list) has the focus. */
  onControl: boolean;
  /** A list or dialog is open that Escape closes. */
  overlayOpen: boolean;
}

export function shortcutOf({ key, hasModifier, typing, onControl, overlayOpen }: KeyPress): Shortcut | undefined {
  if (hasModifier || overlayOpen) return undefined;
  if (key === 'Escape') return 'stop';
  if (typing) return undefined;
  if (key === ' ') return onControl ? undefined : 'talk';
  return key === 'm' || key === 'M' ? 'toggle-mute' : undefined;
}
