import { ListenClient } from '../../main/children/listen-client.ts';
import { serveListener } from '../../main/children/listen-service.ts';
import { linkedPair } from '../../main/children/message-link.ts';
import { RpcPeer } from '../../main/children/rpc-peer.ts';
import { ListeningService } from '../../main/pipeline/listening/listening-service.ts';
import { FakeAsr } from '../fakes/fake-asr.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeTurnDetector } from '../fakes/fake-turn-detector.ts';
import { FakeVad } from '../fakes/fake-vad.ts';
import { tone } from '../fakes/tone.ts';
import { listenerContract } from './listener-contract.ts';

const speech = tone(0.8);
const heard = /^one two three four$/;

const fakeService = () =>
  new ListeningService({
    vad: new FakeVad(),
    asr: new FakeAsr(),
    turnDetector: new FakeTurnDetector(),
    clock: new FakeClock(),
  });

listenerContract('listening service over fakes', async () => {
  const listener = fakeService();
  return { listener, speech, heard, dispose: async () => listener.close() };
});

listenerContract('client of the listen child', async () => {
  const clock = new FakeClock();
  const [appEnd, childEnd] = linkedPair();
  const service = fakeService();
  const served = serveListener(service, {
    notify: (method, params) => child.notify(method, params),
    close: async () => service.close(),
  });
  const child = new RpcPeer(childEnd, { stage: 'listen', handlers: served, clock });
  const app = new RpcPeer(appEnd, { stage: 'listen', clock });
  return {
    listener: new ListenClient({ rpc: app }),
    speech,
    heard,
    async dispose() {
      await served.close?.();
      app.close();
      child.close();
    },
  };
});
