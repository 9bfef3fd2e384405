import type { EvaluationCommand } from './app-evaluation-panel.ts';
import type { ModelCommand } from './app-models.ts';
import type { AudioFrame } from './contract/audio-frame.ts';
import type { CaptureChainSettings } from './contract/capture-chain.ts';
import { ParleyError } from './contract/errors.ts';
import type { GuardCommand } from './contract/guardrails.ts';
import type { AppEvent } from './contract/messages.ts';
import type { VoiceCueCommand } from './contract/voice-cues.ts';
import type { Preferences } from './contract/preferences.ts';
import type { ReplyCommand } from './contract/replies.ts';
import type { RealtimeEndpointCommand } from './contract/realtime-endpoint.ts';
import type { SecretCommand } from './contract/secrets.ts';
import type { ToolCommand } from './contract/tools.ts';
import type { InputMode } from './contract/state.ts';
import type { Conversation } from './pipeline/conversation.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { AppCommand, AppEndpoint, AppSession, ClientConnection } from './transport/app-endpoint.ts';

/** What windows may ask for besides talking. */
export interface AppActions {
  chooseDevice(kind: 'input' | 'output', deviceId: string): Promise<void>;
  refreshDevices(): Promise<void>;
  setCaptureChain(settings: CaptureChainSettings): Promise<void>;
  setInputMode(mode: InputMode): Promise<void>;
  setMuted(muted: boolean): void;
  setPushToTalk(held: boolean): void;
  setPreferences(preferences: Partial<Preferences>): Promise<void>;
  testRoom(): void;
  /** This connection becomes the microphone and loudspeaker. */
  useBrowserAudio(connection: ClientConnection): Promise<void>;
  /** Sound goes back to the sound card, if this connection had it. */
  releaseBrowserAudio(connection: ClientConnection): Promise<void>;
  browserAudioFrame(connection: ClientConnection, frame: AudioFrame): void;
  browserPlayed(
    connection: ClientConnection,
    progress: { answerNumber: number; playedSamples: number; ended: boolean },
  ): void;
  voiceCues(command: VoiceCueCommand): Promise<void>;
  newConversation(): Promise<void>;
  replies(connection: ClientConnection, command: ReplyCommand): Promise<void>;
  /** The window is gone: it watches nothing any more. */
  forgetConnection(connection: ClientConnection): void;
  setArchitecture(architectureId: string): Promise<void>;
  providers(command: SecretCommand): Promise<void>;
  realtimeEndpoint(connection: ClientConnection, command: RealtimeEndpointCommand): Promise<void>;
  models(command: ModelCommand): Promise<void>;
  tools(connection: ClientConnection, command: ToolCommand): Promise<void>;
  guardrails(connection: ClientConnection, command: GuardCommand): Promise<void>;
  evaluation(connection: ClientConnection, command: EvaluationCommand): Promise<void>;
  connected(connection: ClientConnection): void;
}

export interface ClientSessionsOptions {
  store: AppStateStore;
  conversation: Conversation;
  actions: AppActions;
}

/** The windows that are connected: their commands go to the app, its events to all of them. */
export class ClientSessions implements AppEndpoint {
  readonly #options: ClientSessionsOptions;
  readonly #connections = new Set<ClientConnection>();

  constructor(options: ClientSessionsOptions) {
    this.#options = options;
    options.store.onChange((state) => this.broadcast({ type: 'state', state }));
  }

  broadcast(event: AppEvent): void {
    for (const connection of this.#connections) connection.send(event);
  }

  connect(connection: ClientConnection): AppSession {
    const { store, conversation, actions } = this.#options;
    this.#connections.add(connection);
    connection.send({ type: 'snapshot', state: store.state, lines: conversation.transcript.lines });
    actions.connected(connection);
    return {
      handle: (command) => this.#handle(connection, command),
      audioFrame: (frame) => actions.browserAudioFrame(connection, frame),
      closed: () => {
        this.#connections.delete(connection);
        if (store.state.pushToTalkHeld) actions.setPushToTalk(false);
        void actions.releaseBrowserAudio(connection);
        actions.forgetConnection(connection);
      },
    };
  }

  async #handle(connection: ClientConnection, command: AppCommand): Promise<void> {
    const { conversation, actions, store } = this.#options;
    switch (command.type) {
      case 'say':
        if (store.state.pausedFor) throw new ParleyError({ code: 'evaluation-runs', stage: 'app' });
        return conversation.say(command.text);
      case 'stop':
        return conversation.stop();
      case 'set-input-mode':
        return actions.setInputMode(command.inputMode);
      case 'set-muted':
        return actions.setMuted(command.muted);
      case 'push-to-talk':
        return actions.setPushToTalk(command.held);
      case 'choose-device':
        return actions.chooseDevice(command.kind, command.deviceId);
      case 'refresh-devices':
        return actions.refreshDevices();
      case 'set-capture-chain':
        return actions.setCaptureChain(command.settings);
      case 'use-browser-audio':
        return command.on ? actions.useBrowserAudio(connection) : actions.releaseBrowserAudio(connection);
      case 'browser-played':
        return actions.browserPlayed(connection, command);
      case 'dismiss-problem': {
        const problems = store.state.problems.filter(({ id }) => id !== command.id);
        return store.update({ problems });
      }
      case 'set-preferences':
        return actions.setPreferences(command.preferences);
      case 'set-voice-cues':
      case 'forget-voice-baselines':
        return actions.voiceCues(command);
      case 'test-room':
        return actions.testRoom();
      case 'new-conversation':
        return actions.newConversation();
      case 'watch-replies':
      case 'check-reply':
      case 'remove-reply':
      case 'switch-reply':
      case 'import-replies':
      case 'try-reply':
      case 'play-reply':
      case 'forget-reply-figures':
        return actions.replies(connection, command);
      case 'show-models':
      case 'choose-model':
      case 'choose-endpoint':
      case 'install-models':
      case 'cancel-install':
      case 'remove-model':
      case 'calibrate-models':
      case 'use-profile':
      case 'import-model':
        return actions.models(command);
      case 'watch-guardrails':
      case 'set-guard-rules':
      case 'reset-guard-rules':
      case 'set-lexicon':
      case 'hear-word':
      case 'try-guardrails':
      case 'answer-guard-question':
      case 'forget-guard-log':
        return actions.guardrails(connection, command);
      case 'answer-tool-approval':
      case 'set-tool-permission':
      case 'set-tool-risk':
      case 'put-mcp-server':
      case 'remove-mcp-server':
      case 'test-mcp-server':
      case 'find-tool-calls':
      case 'forget-tool-calls':
        return actions.tools(connection, command);
      case 'watch-evaluation':
      case 'start-evaluation':
      case 'resume-evaluation':
      case 'stop-evaluation':
      case 'record-utterance':
      case 'compare-utterance':
      case 'open-evaluation':
      case 'remove-evaluation':
      case 'rerun-turn':
      case 'prefer-answer':
        return actions.evaluation(connection, command);
      case 'set-architecture':
        return actions.setArchitecture(command.architectureId);
      case 'set-provider-key':
      case 'remove-provider-key':
      case 'test-provider':
        return actions.providers(command);
      case 'set-realtime-endpoint':
      case 'show-realtime-token':
      case 'renew-realtime-token':
        return actions.realtimeEndpoint(connection, command);
      default:
        command satisfies never;
    }
  }
}
