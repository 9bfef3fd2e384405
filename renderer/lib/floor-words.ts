import type { AppState } from '../../main/contract/state.ts';
import type { Connection } from '../client/parley-client.ts';
import type { ShownFloor } from '../state/conversation.svelte.ts';

export interface FloorWords {
  label: string;
  hint: string;
}

/** What the status under the form says: who has the floor, and what can be done now. */
export function floorWords(floor: ShownFloor, app: AppState | null, connection: Connection): FloorWords {
  const talk = app?.inputMode === 'push-to-talk' ? (app.preferences?.pushToTalk ?? 'hold') : null;
  switch (floor) {
    case 'starting':
      return { label: 'Getting ready', hint: 'Loading speech recognition, language model and voice' };
    case 'listening':
      return listeningWords(app);
    case 'hearing':
      return { label: 'Hearing you', hint: HEARING_HINTS[talk ?? 'hands-free'] };
    case 'thinking':
      return { label: 'Thinking', hint: 'Escape stops it' };
    case 'speaking':
      return { label: 'Speaking', hint: INTERRUPT_HINTS[talk ?? 'hands-free'] };
    case 'off':
      if (app?.roomTest?.status === 'running')
        return { label: 'Testing the room', hint: 'Please be quiet for a moment' };
      return app?.muted
        ? { label: 'Muted', hint: 'Nothing is heard. You can type.' }
        : { label: 'Microphone off', hint: 'Choose a microphone below, or type' };
    case 'disconnected':
      return disconnectedWords(connection);
    default:
      return floor satisfies never;
  }
}

const HEARING_HINTS = {
  'hands-free': 'Take your time',
  hold: 'Let go when you have finished',
  toggle: 'Press space again when you have finished',
};
const INTERRUPT_HINTS = {
  'hands-free': 'Speak to interrupt',
  hold: 'Hold space to interrupt',
  toggle: 'Press space to interrupt',
};

function listeningWords(app: AppState | null): FloorWords {
  switch (app?.inputMode) {
    case 'push-to-talk':
      return app.preferences?.pushToTalk === 'toggle'
        ? { label: 'Ready', hint: 'Press space or the button, speak, and press again' }
        : { label: 'Ready', hint: 'Hold space or the button while you speak' };
    case 'wake-phrase':
      return app.wake === 'awake'
        ? { label: 'Listening', hint: 'Go on, no need to call again' }
        : { label: 'Waiting to be called', hint: `Say “${app.preferences?.wakePhrase ?? ''}” first` };
    default:
      return { label: 'Listening', hint: 'Just start to speak' };
  }
}

function disconnectedWords(connection: Connection): FloorWords {
  if (connection === 'mismatch') return { label: 'Other version', hint: 'Reload this window' };
  if (connection === 'refused') return { label: 'Not let in', hint: 'Open the address that Parley printed' };
  return { label: 'Reconnecting', hint: 'Parley is not answering at the moment' };
}
