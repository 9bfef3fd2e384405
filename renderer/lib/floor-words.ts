import type { AppState } from '../../main/contract/state.ts';
import type { Connection } from '../client/parley-client.ts';
import type { ShownFloor } from '../state/conversation.svelte.ts';

export interface FloorWords {
  label: string;
  hint: string;
}

/** What the status under the form says: who has the floor, and what can be done now. */
export function floorWords(floor: ShownFloor, app: AppState | null, connection: Connection): FloorWords {
  const pushToTalk = app?.inputMode === 'push-to-talk';
  switch (floor) {
    case 'starting':
      return { label: 'Getting ready', hint: 'Loading speech recognition, language model and voice' };
    case 'listening':
      return pushToTalk
        ? { label: 'Ready', hint: 'Hold space or the button while you speak' }
        : { label: 'Listening', hint: 'Just start to speak' };
    case 'hearing':
      return { label: 'Hearing you', hint: pushToTalk ? 'Let go when you have finished' : 'Take your time' };
    case 'thinking':
      return { label: 'Thinking', hint: 'Escape stops it' };
    case 'speaking':
      return { label: 'Speaking', hint: pushToTalk ? 'Hold space to interrupt' : 'Speak to interrupt' };
    case 'off':
      return app?.muted
        ? { label: 'Muted', hint: 'Nothing is heard. You can type.' }
        : { label: 'Microphone off', hint: 'Choose a microphone below, or type' };
    case 'disconnected':
      return disconnectedWords(connection);
    default:
      return floor satisfies never;
  }
}

function disconnectedWords(connection: Connection): FloorWords {
  if (connection === 'mismatch') return { label: 'Other version', hint: 'Reload this window' };
  if (connection === 'refused') return { label: 'Not let in', hint: 'Open the address that Parley printed' };
  return { label: 'Reconnecting', hint: 'Parley is not answering at the moment' };
}
