import { readChildControl, type ChildControl } from './child-control.ts';
import { LinkListeners, type MessageLink } from './message-link.ts';

/** One line used for two things: control messages go to `onControl`, everything else to the link that is returned. */
export function splitControl(link: MessageLink, onControl: (control: ChildControl) => void): MessageLink {
  const rest = new LinkListeners();
  link.onMessage((message) => {
    const control = readChildControl(message);
    if (control) onControl(control);
    else rest.message(message);
  });
  link.onClose(() => rest.close());
  return {
    post: (message, transfer) => link.post(message, transfer),
    onMessage: (listener) => rest.addMessage(listener),
    onClose: (listener) => rest.addClose(listener),
    close: () => link.close(),
  };
}
