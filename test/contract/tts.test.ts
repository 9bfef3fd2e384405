import { linkedPair } from '../../main/children/message-link.ts';
import { RpcPeer } from '../../main/children/rpc-peer.ts';
import { SpeakClient } from '../../main/children/speak-client.ts';
import { serveVoice } from '../../main/children/speak-service.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeTts } from '../fakes/fake-tts.ts';
import { ttsContract } from './tts-contract.ts';

ttsContract('fake', async () => {
  const tts = new FakeTts();
  return { tts, dispose: () => tts.close() };
});

ttsContract('client of the speak child', async () => {
  const clock = new FakeClock();
  const [appEnd, childEnd] = linkedPair();
  const engine = new FakeTts();
  const child = new RpcPeer(childEnd, { stage: 'speak', handlers: serveVoice(engine), clock });
  const app = new RpcPeer(appEnd, { stage: 'speak', clock });
  const tts = await SpeakClient.connect(app);
  return {
    tts,
    async dispose() {
      await tts.close();
      await engine.close();
      app.close();
      child.close();
    },
  };
});
