import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import { CONTRACT_VERSION, type AppMessage } from '../../../main/contract/messages.ts';
import { ServedClient } from '../../../main/transport/served-client.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

function serve() {
  const app = new FakeApp();
  const logger = new RecordingLogger();
  const sent: AppMessage[] = [];
  const wire = {
    carriesAudio: true,
    sendMessage: (message: AppMessage) => void sent.push(message),
    sendAudio: () => {},
  };
  const client = new ServedClient({ endpoint: app, logger, wire });
  const hello = () => client.receive({ id: 0, command: { type: 'hello', contractVersion: CONTRACT_VERSION } });
  return { app, client, logger, sent, hello };
}

describe('ServedClient', () => {
  it('refuses commands beyond a hundred open ones rather than piling them up', async () => {
    const { app, client, sent, hello } = serve();
    hello();
    app.hold('refresh-devices');
    for (let id = 1; id <= 101; id++) client.receive({ id, command: { type: 'refresh-devices' } });
    expect(app.commands).toHaveLength(100);
    expect(sent.at(-1)).toMatchObject({ id: 101, error: { code: 'bad-command', retryable: true } });
    app.release('refresh-devices');
    await settle();
    client.receive({ id: 102, command: { type: 'stop' } });
    await settle();
    expect(sent.at(-1)).toEqual({ type: 'reply', id: 102, error: null });
  });

  it('passes on why the app would not have a client, and lets it try again', () => {
    const { app, client, sent, hello } = serve();
    const connect = app.connect.bind(app);
    app.connect = () => {
      throw new ParleyError({ code: 'internal', stage: 'app', message: 'quitting' });
    };
    hello();
    expect(sent).toEqual([
      expect.objectContaining({ type: 'reply', error: expect.objectContaining({ message: 'quitting' }) }),
    ]);
    client.receive({ id: 1, command: { type: 'stop' } });
    app.connect = connect;
    hello();
    expect(sent.at(-1)).toMatchObject({ event: { type: 'snapshot' } });
  });

  it('logs the first bad frame and, at the end, how many there were, not one line for each', () => {
    const { client, logger, hello } = serve();
    hello();
    for (let i = 0; i < 50; i++) client.receiveAudio(new Uint8Array(3));
    client.closed();
    expect(client.badFrames).toBe(50);
    expect(logger.records).toHaveLength(2);
    expect(logger.records[1]!.fields).toEqual({ count: 50 });
  });

  it('takes and sends nothing once closed', async () => {
    const { app, client, sent, hello } = serve();
    hello();
    app.hold('stop');
    client.receive({ id: 1, command: { type: 'stop' } });
    client.closed();
    client.closed();
    const before = sent.length;
    app.release('stop');
    client.receive({ id: 2, command: { type: 'stop' } });
    await settle();
    expect(sent).toHaveLength(before);
    expect(app.sessions[0]!.closed).toBe(1);
  });
});
