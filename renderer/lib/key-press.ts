import type { KeyPress } from './shortcut.ts';

/** Describes a real key press; kept apart from the rules, which need no page. */
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
