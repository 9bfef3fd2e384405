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

/** Describes a real key press; kept apart so that the rules above need no page. */
export function keyPressOf(event: KeyboardEvent): KeyPress {
  const focused = event.target instanceof Element ? event.target : document.body;
  return {
    key: event.key,
    hasModifier: event.ctrlKey || event.altKey || event.metaKey,
    typing: focused.closest('input, textarea, select, [contenteditable="true"], [role="combobox"]') !== null,
    onControl: focused.closest('button, summary, a, [role="switch"], [role="option"]') !== null,
    overlayOpen: event.defaultPrevented || focused.closest('[role="listbox"], dialog') !== null,
  };
}
