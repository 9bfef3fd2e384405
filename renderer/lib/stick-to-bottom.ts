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
    const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight, behavior: 'instant' });
    const grown = new ResizeObserver(() => {
      if (atBottom) toEnd();
    });
    grown.observe(scroller);
    for (const child of scroller.children) grown.observe(child);
    const scrolled = () => {
      const now = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
      if (now !== atBottom) onChange((atBottom = now));
    };
    scroller.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      grown.disconnect();
      scroller.removeEventListener('scroll', scrolled);
    };
  };
}
