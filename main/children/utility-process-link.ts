import { LinkListeners, type MessageLink } from './message-link.ts';
import { moveAudio } from './moved-audio.ts';

/** The app's end of a utility process. */
export interface UtilityProcessEnd {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

/** `process.parentPort` inside a utility process. */
export interface ParentPortEnd {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

/** The app's end. It cannot be closed alone: the line ends with the process. */
export function utilityProcessLink(end: UtilityProcessEnd): MessageLink {
  const link = electronLink((message) => end.postMessage(message));
  end.on('message', (message) => link.listeners.message(message));
  end.on('exit', () => link.listeners.close());
  return link;
}

/** The child's end. Electron ends the process when the app is gone, so the line is never seen to close. */
export function parentPortLink(end: ParentPortEnd): MessageLink {
  const link = electronLink((message) => end.postMessage(message));
  end.on('message', (event) => link.listeners.message(event.data));
  return link;
}

function electronLink(send: (message: unknown) => void): MessageLink & { listeners: LinkListeners } {
  const listeners = new LinkListeners();
  return {
    listeners,
    post(message) {
      // Only ports can be moved here. Views are still cut loose from larger buffers, of which all would be copied.
      if (!listeners.closed) send(moveAudio(message).message);
    },
    onMessage: (listener) => listeners.addMessage(listener),
    onClose: (listener) => listeners.addClose(listener),
    close: () => void listeners.close(),
  };
}
