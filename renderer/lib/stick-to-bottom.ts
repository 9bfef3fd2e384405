import type { Attachment } from 'svelte/attachments';

/** How near to its end a list counts as being read at its end. */
const NEAR_PX = 48;

/**
 * Keeps a scrolling element at its end while its content grows, unless the reader has scrolled away from there.
 * `onChange` tells whether it is at its end.
 */
export function stickToBottom(onChange: (atBottom: boolean) => void): Attachment<HTMLElement> {
  return (scroller) => {
    let atBottom = true;
    let lastTop = 0;
    let lastHeight = 0;
    const note = () => ([lastTop, lastHeight] = [scroller.scrollTop, scroller.scrollHeight]);
    const grown = new ResizeObserver(() => {
      if (atBottom) scroller.scrollTo({ top: scroller.scrollHeight, behavior: 'instant' });
      note();
    });
    grown.observe(scroller);
    for (const child of scroller.children) grown.observe(child);
    const scrolled = () => {
      const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
      // Growing and shrinking content moves the end, too; only a reader moves up in content that stays as it is.
      const movedUp = scroller.scrollHeight === lastHeight && scroller.scrollTop < lastTop;
      note();
      if (near === atBottom || !(near || movedUp)) return;
      onChange((atBottom = near));
    };
    scroller.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      grown.disconnect();
      scroller.removeEventListener('scroll', scrolled);
    };
  };
}
