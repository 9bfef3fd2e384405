import { describe, expect, it } from 'vitest';
import { readyState } from '../../fakes/fake-app-server.ts';
import { CONTRACT_VERSION, setUpClient, settle } from './fake-transport.ts';

const LOST = { code: 'internal', stage: 'app', message: '', retryable: false } as const;

describe('the window’s client', () => {
  it('says hello in its contract version first and is connected with the snapshot', () => {
    const { client, latest } = setUpClient();
    client.start();
    latest().open();
    expect(latest().commands()).toEqual([{ type: 'hello', contractVersion: CONTRACT_VERSION }]);
    latest().reply('hello');
    expect(client.connection).toBe('connecting');
    latest().event({ type: 'snapshot', state: readyState(), lines: [] });
    expect(client.connection).toBe('connected');
  });

  it('settles a command by the reply with its id, and rejects with the app’s own error', async () => {
    const { client, latest } = setUpClient();
    client.start();
    latest().welcome(readyState());
    const stopped = client.command({ type: 'stop' });
    const muted = client.command({ type: 'set-muted', muted: true });
    latest().reply('set-muted', { ...LOST, code: 'no-device', stage: 'audio' });
    latest().reply('stop');
    await expect(stopped).resolves.toBeUndefined();
    await expect(muted).rejects.toMatchObject({ code: 'no-device', stage: 'audio' });
  });

  it('drops and counts what does not fit the contract, and lives on', () => {
    const { client, latest } = setUpClient();
    const events: string[] = [];
    client.onEvent(({ type }) => events.push(type));
    client.start();
    latest().welcome(readyState());
    for (const wrong of [undefined, 7, {}, { type: 'event', event: { type: 'line', line: { id: 3 } } }]) {
      latest().deliver(wrong);
    }
    latest().event({ type: 'lines-removed', ids: [] });
    expect(client.invalidMessages).toBe(4);
    expect(events).toEqual(['snapshot', 'lines-removed']);
  });

  it('reconnects after 250 ms, twice as late each time up to 4 s, and soon again after a success', () => {
    const { client, timers, latest } = setUpClient();
    client.start();
    const delays: number[] = [];
    for (let i = 0; i < 7; i++) {
      latest().lose();
      delays.push(...timers.delaysMs);
      timers.run();
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(client.connection).toBe('reconnecting');
    latest().welcome(readyState());
    latest().lose();
    expect(timers.delaysMs).toEqual([250]);
  });

  it('rejects open commands when the connection is lost, and new ones until it is back', async () => {
    const { client, latest, timers } = setUpClient();
    client.start();
    latest().welcome(readyState());
    const stopped = client.command({ type: 'stop' });
    latest().lose();
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled', stage: 'transport' });
    await expect(client.command({ type: 'stop' })).rejects.toMatchObject({ code: 'cancelled' });
    timers.run();
    latest().welcome(readyState());
    const again = client.command({ type: 'stop' });
    latest().reply('stop');
    await expect(again).resolves.toBeUndefined();
  });

  it('rejects a command that is never answered', async () => {
    const { client, latest, timers } = setUpClient();
    client.start();
    latest().welcome(readyState());
    const stopped = client.command({ type: 'stop' });
    timers.run();
    await expect(stopped).rejects.toMatchObject({ code: 'call-timeout' });
  });

  it('stops trying when the app speaks another contract version', async () => {
    const { client, latest, timers, transports } = setUpClient();
    client.start();
    latest().open();
    latest().reply('hello', { ...LOST, code: 'contract-mismatch', stage: 'transport' });
    await settle();
    expect(client.connection).toBe('mismatch');
    expect(latest().closedByClient).toBe(true);
    timers.run();
    expect(transports).toHaveLength(1);
  });

  it('stops trying when the host does not let this browser in', () => {
    const { client, latest, timers, transports } = setUpClient();
    client.start();
    latest().lose('refused');
    timers.run();
    expect(client.connection).toBe('refused');
    expect(transports).toHaveLength(1);
  });

  it('tries at once when asked to, and not a second time when the waiting time is over', () => {
    const { client, latest, timers, transports } = setUpClient();
    client.start();
    latest().lose();
    client.retryNow();
    timers.run();
    expect(transports).toHaveLength(2);
  });

  it('sends sound only while it is connected', () => {
    const { client, latest } = setUpClient();
    client.start();
    latest().open();
    expect(client.sendAudio(new ArrayBuffer(4))).toBe(false);
    latest().reply('hello');
    latest().event({ type: 'snapshot', state: readyState(), lines: [] });
    expect(client.sendAudio(new ArrayBuffer(4))).toBe(true);
    expect(latest().frames).toHaveLength(1);
  });
});
