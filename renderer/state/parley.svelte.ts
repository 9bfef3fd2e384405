import { createContext } from 'svelte';
import type { ParleyClient } from '../client/parley-client.ts';
import { Conversation } from './conversation.svelte.ts';
import { GuardQuestions } from './guard-questions.svelte.ts';
import { Levels } from './levels.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Providers } from './providers.svelte.ts';
import { RealtimeEndpoint, type RealtimeEndpointOptions } from './realtime-endpoint.svelte.ts';
import { TabSound, type TabSoundOptions } from './tab-sound.svelte.ts';
import { Tools } from './tools.svelte.ts';
import { Transcript } from './transcript.svelte.ts';

export type ParleyOptions = { client: ParleyClient } & Pick<RealtimeEndpointOptions, 'copy'> &
  Pick<TabSoundOptions, 'openAudio' | 'mayStartUnasked' | 'remember'>;

/** Everything that the window shows. One per window, given to the components by context. */
export class Parley {
  readonly client: ParleyClient;
  readonly notices = new Notices();
  readonly transcript = new Transcript();
  readonly levels = new Levels();
  readonly guardQuestions: GuardQuestions;
  readonly conversation: Conversation;
  readonly tabSound: TabSound;
  readonly tools: Tools;
  readonly providers: Providers;
  readonly realtimeEndpoint: RealtimeEndpoint;

  constructor(options: ParleyOptions) {
    const { client, openAudio, mayStartUnasked, remember, copy } = options;
    this.client = client;
    this.guardQuestions = new GuardQuestions(client);
    this.conversation = new Conversation({ client, notices: this.notices });
    this.tools = new Tools({ client, notices: this.notices });
    this.providers = new Providers({ client, notices: this.notices });
    this.realtimeEndpoint = new RealtimeEndpoint({ client, notices: this.notices, copy });
    this.tabSound = new TabSound({ client, notices: this.notices, openAudio, mayStartUnasked, remember });
    client.onEvent((event) => {
      this.transcript.receive(event);
      this.levels.receive(event);
      this.guardQuestions.receive(event);
    });
    client.onConnection((connection) => {
      if (connection !== 'connected') this.levels.silence();
    });
  }
}

const [getParley, setParley] = createContext<Parley>();
export { getParley, setParley };
