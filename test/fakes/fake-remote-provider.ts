import type {
  ConnectOptions,
  RemoteConnection,
  RemoteEvent,
  RemoteProvider,
  TurnTaking,
} from '../../main/speech-to-speech/remote-voice.ts';

/** A provider that says what the test makes it say, and writes down what it is told. */
export class FakeRemoteProvider implements RemoteProvider {
  readonly id = 'fake';
  readonly label = 'Fake';
  readonly kind = 'speech-to-speech';
  readonly capabilities = {
    ownTurnDetection: true,
    localTurns: true,
    truncation: true,
    tools: true,
    customVoice: false,
    lineByLineTranscript: false,
    offline: true,
  };
  unavailable: string | null = null;
  inputRateHz = 16_000;
  told: string[] = [];
  sentSamples = 0;
  options: ConnectOptions | undefined;

  connect(options: ConnectOptions): Promise<RemoteConnection> {
    this.options = options;
    const tell = (what: string): void => void this.told.push(what);
    return Promise.resolve({
      inputRateHz: this.inputRateHz,
      sendAudio: (pcm: Float32Array) => void (this.sentSamples += pcm.length),
      sendText: (text: string) => tell(`text ${text}`),
      setTurnTaking: (turnTaking: TurnTaking) => tell(`turns ${turnTaking}`),
      beginTurn: () => tell('begin'),
      endTurn: () => tell('end'),
      cancelAnswer: ({ answerId, heardMs, isOver }) =>
        tell(`cancel ${answerId} at ${Math.round(heardMs)}${isOver ? ' (over)' : ''}`),
      tell: (exchanges) => {
        for (const { user, heard } of exchanges) tell(`told ${user} > ${heard}`);
      },
      sendToolResult: ({ callId, output, failed }) => tell(`result ${callId} ${output}${failed ? ' (failed)' : ''}`),
      close: () => {
        tell('close');
        return Promise.resolve();
      },
    });
  }

  says(...events: RemoteEvent[]): void {
    for (const event of events) this.options!.onEvent(event);
  }
}
