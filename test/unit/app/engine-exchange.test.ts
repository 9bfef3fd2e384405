import { describe, expect, it } from 'vitest';
import { AppChildren } from '../../../main/app-children.ts';
import type { SupervisedChild } from '../../../main/children/supervised-child.ts';
import { ParleyError, type SerialisedError } from '../../../main/contract/errors.ts';
import type { AppState } from '../../../main/contract/state.ts';
import type { ConfiguredEngine } from '../../../main/engine-configs.ts';
import { EngineExchange, type EngineInService } from '../../../main/engine-exchange.ts';
import { AppStateStore } from '../../../main/pipeline/app-state-store.ts';
import { TurnGap } from '../../../main/pipeline/turn-gap.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { FakeChildHost, type FakeChild } from '../../fakes/fake-child-host.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

type Engine = ConfiguredEngine<string>;
interface Port {
  child: SupervisedChild;
  name: string;
}

const engine = (name: string): Engine => ({
  config: name,
  info: { id: name, label: name, local: true },
  memoryBytes: 1000,
});
const turnToEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An app with one child that speaks, and an exchange of its engine. */
async function rig(options: { freeMemoryBytes?: number; prove?: (port: Port) => Promise<void> } = {}) {
  const clock = new FakeClock();
  const host = new FakeChildHost();
  const gap = new TurnGap();
  const store = new AppStateStore(new FakeApp().state() as AppState);
  const reports: SerialisedError[] = [];
  const children = new AppChildren({
    clock,
    logger: new RecordingLogger(),
    childHost: host,
    store,
    report: (error) => reports.push(error),
  });
  const old = children.add('speak', 'old');
  const inService: EngineInService<Engine, Port> = { engine: engine('old'), port: { child: old, name: 'old' } };
  await old.start();
  const speaking = { name: 'old' };
  const exchange = new EngineExchange<Engine, Port>(
    {
      name: 'speak',
      children,
      gap,
      freeMemoryBytes: () => options.freeMemoryBytes ?? 1e12,
      connect: (child, { info }) => ({ child, name: info.id }),
      prove: options.prove ?? (() => Promise.resolve()),
      takeOver: (port) => (speaking.name = port.name),
    },
    inService,
  );
  const phases: string[] = [];
  const choose = (name: string) =>
    exchange.exchange(
      () => Promise.resolve(engine(name)),
      (phase) => phases.push(phase),
    );
  return { clock, host, gap, store, reports, old, speaking, exchange, choose, phases };
}

const pids = (host: FakeChildHost) => host.children.filter((child) => !child.stopAsked && !child.killed).length;

describe('an exchange of an engine', () => {
  it('loads beside the old one, takes over when nobody has the floor, and ends the old one', async () => {
    const { choose, host, speaking, phases, store } = await rig();
    await choose('new');
    await turnToEvents();
    expect(speaking.name).toBe('new');
    expect(phases).toEqual(['loading', 'waiting']);
    expect(host.children.map(({ config }) => config)).toEqual(['old', 'new']);
    expect(host.children[0]!.stopAsked).toBe(true);
    expect(store.state.children).toEqual([{ name: 'speak', status: 'ready', restarts: 0 }]);
  });

  it('during an answer waits for its end, and the old voice finishes what it began', async () => {
    const { choose, gap, speaking, phases, host } = await rig();
    gap.floorChanged('speaking');
    const choosing = choose('new');
    await turnToEvents();
    expect(phases).toEqual(['loading', 'waiting']);
    expect(speaking.name).toBe('old');
    gap.floorChanged('hearing');
    await turnToEvents();
    expect(speaking.name).toBe('old');
    expect(host.children[0]!.stopAsked).toBe(false);
    gap.floorChanged('listening');
    // In the same moment: nothing of the next turn can come between.
    expect(speaking.name).toBe('new');
    await choosing;
  });

  it('that fails leaves the old one in service and ends what was begun', async () => {
    const { choose, host, speaking, reports, store } = await rig();
    host.onStart = (child) => child.failToStart(new ParleyError({ code: 'model-corrupt', stage: 'speak' }));
    await expect(choose('new')).rejects.toMatchObject({ code: 'model-corrupt' });
    expect(speaking.name).toBe('old');
    expect(pids(host)).toBe(1);
    // A child that was never shown has no failure that is shown.
    expect(reports).toEqual([]);
    expect(store.state.children).toEqual([{ name: 'speak', status: 'ready', restarts: 0 }]);
  });

  it('whose child dies while it loads is given up at once, without further tries', async () => {
    const { choose, host, speaking } = await rig();
    host.onStart = (child) => child.exit({ code: null, signal: 'SIGABRT' });
    await expect(choose('new')).rejects.toMatchObject({ code: 'child-exited' });
    expect(speaking.name).toBe('old');
    expect(host.children).toHaveLength(2);
  });

  it('whose child dies while it waits for the end of the turn is given up', async () => {
    const { choose, gap, host, speaking } = await rig();
    gap.floorChanged('speaking');
    const choosing = choose('new');
    const failure = expect(choosing).rejects.toMatchObject({ code: 'child-exited' });
    await turnToEvents();
    host.last.exit({ code: null, signal: 'SIGSEGV' });
    await failure;
    gap.floorChanged('listening');
    expect(speaking.name).toBe('old');
  });

  it('to a voice that cannot say a word fails', async () => {
    const silent = new ParleyError({ code: 'engine-failed', stage: 'speak' });
    const { choose, speaking, host } = await rig({ prove: () => Promise.reject(silent) });
    await expect(choose('new')).rejects.toBe(silent);
    await turnToEvents();
    expect(speaking.name).toBe('old');
    expect(pids(host)).toBe(1);
  });

  it('gives way to a newer one', async () => {
    const { choose, gap, speaking, host } = await rig();
    gap.floorChanged('thinking');
    const first = choose('first');
    const superseded = expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await turnToEvents();
    const second = choose('second');
    await superseded;
    await turnToEvents();
    gap.floorChanged('off');
    await second;
    await turnToEvents();
    expect(speaking.name).toBe('second');
    expect(pids(host)).toBe(1);
  });

  it('where memory does not suffice for both takes place in the same child', async () => {
    const { choose, host, speaking, old } = await rig({ freeMemoryBytes: 2000 });
    await choose('new');
    expect(speaking.name).toBe('new');
    expect(host.children.map(({ config }) => config)).toEqual(['old', 'new']);
    expect(old.status).toBe('ready');
  });

  it('that fails in the same child brings the old one back', async () => {
    const { choose, host, speaking, old } = await rig({ freeMemoryBytes: 2000 });
    host.onStart = (child: FakeChild) =>
      child.config === 'new'
        ? child.failToStart(new ParleyError({ code: 'model-corrupt', stage: 'speak' }))
        : child.ready();
    await expect(choose('new')).rejects.toMatchObject({ code: 'model-corrupt' });
    expect(speaking.name).toBe('old');
    expect(host.last.config).toBe('old');
    expect(old.status).toBe('ready');
  });

  it('under way when the app ends leaves no process behind', async () => {
    const { choose, gap, exchange, host } = await rig();
    gap.floorChanged('speaking');
    const choosing = choose('new');
    const given = expect(choosing).rejects.toMatchObject({ code: 'cancelled' });
    await turnToEvents();
    await exchange.close();
    await given;
    await turnToEvents();
    expect(pids(host)).toBe(1);
  });
});
