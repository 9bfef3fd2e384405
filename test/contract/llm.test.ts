import { linkedPair } from '../../main/children/message-link.ts';
import { RpcPeer } from '../../main/children/rpc-peer.ts';
import { ThinkClient } from '../../main/children/think-client.ts';
import { serveLlm } from '../../main/children/think-service.ts';
import { OpenAiCompatibleLlm } from '../../main/engines/llm/openai-compatible.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeLlm } from '../fakes/fake-llm.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { llmContract } from './llm-contract.ts';

llmContract('fake', async () => {
  const llm = new FakeLlm();
  return { llm, dispose: () => llm.close() };
});

llmContract('OpenAI-compatible endpoint', async () => {
  const server = await FakeOpenAiServer.start();
  const llm = new OpenAiCompatibleLlm({ baseUrl: server.baseUrl, model: 'fake', clock: new FakeClock() });
  return {
    llm,
    async dispose() {
      await llm.close();
      await server.stop();
    },
  };
});

llmContract('client of the think child', async () => {
  const clock = new FakeClock();
  const [appEnd, childEnd] = linkedPair();
  const engine = new FakeLlm();
  const child = new RpcPeer(childEnd, { stage: 'think', handlers: serveLlm(engine), clock });
  const app = new RpcPeer(appEnd, { stage: 'think', clock });
  const llm = new ThinkClient({ rpc: app, clock });
  return {
    llm,
    async dispose() {
      await llm.close();
      await engine.close();
      app.close();
      child.close();
    },
  };
});
