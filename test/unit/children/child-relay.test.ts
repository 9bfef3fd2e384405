import { describe, expect, it } from 'vitest';
import { CancelSlots } from '../../../main/children/cancel-slots.ts';
import { ChildRelay } from '../../../main/children/child-relay.ts';
import { linkedPair } from '../../../main/children/message-link.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';

function relayed() {
  const [parentNear, parent] = linkedPair();
  const [threadNear, thread] = linkedPair();
  const clock = new FakeClock();
  const cancelSlots = new CancelSlots();
  const exits: string[] = [];
  const complaints: string[] = [];
  const toParent: unknown[] = [];
  const toThread: unknown[] = [];
  const configs: unknown[] = [];
  let die: (why: string) => void = () => {};
  parentNear.onMessage((message) => toParent.push(message));
  threadNear.onMessage((message) => toThread.push(message));
  const relay = new ChildRelay({
    parent,
    clock,
    cancelSlots,
    startThread: (config) => {
      configs.push(config);
      return { link: thread, onDeath: (listener) => (die = listener) };
    },
    exit: (code, how) => exits.push(`${code} ${how}`),
    complain: (line) => complaints.push(line),
    closeLimitMs: 500,
  });
  const start = async () => {
    parentNear.post({ type: 'child:start', config: { model: 'm' } });
    await settle();
  };
  const died = (why: string) => die(why);
  return {
    relay,
    start,
    died,
    parent: parentNear,
    thread: threadNear,
    toParent,
    toThread,
    configs,
    clock,
    exits,
    complaints,
    cancelSlots,
  };
}

describe('the main thread of a child', () => {
  it('starts its engine thread once, with the configuration', async () => {
    const { start, configs } = relayed();
    await start();
    await start();
    expect(configs).toEqual([{ model: 'm' }]);
  });

  it('answers pings itself and passes them on, so that a busy thread is told from a hung process', async () => {
    const { start, parent, toParent, toThread } = relayed();
    await start();
    parent.post({ type: 'child:ping', seq: 7 });
    await settle();
    expect(toParent).toEqual([{ type: 'child:pong', seq: 7 }]);
    expect(toThread).toEqual([{ type: 'child:ping', seq: 7 }]);
  });

  it('hands requests and answers on unchanged', async () => {
    const { start, parent, thread, toParent, toThread } = relayed();
    await start();
    const call = { type: 'call', id: 1, method: 'm', params: { pcm: new Float32Array([1]) } };
    parent.post(call);
    thread.post({ type: 'child:ready' });
    thread.post({ type: 'result', id: 1, value: 2 });
    await settle();
    expect(toThread).toEqual([call]);
    expect(toParent).toEqual([{ type: 'child:ready' }, { type: 'result', id: 1, value: 2 }]);
  });

  it('sets the cancel flag of a request as well as passing the cancel message on', async () => {
    const { start, parent, toThread, cancelSlots } = relayed();
    await start();
    const cancel = { type: 'cancel', id: 5, code: 'cancelled' };
    parent.post(cancel);
    await settle();
    expect(cancelSlots.isCancelled(5)).toBe(true);
    expect(cancelSlots.isCancelled(4)).toBe(false);
    expect(toThread).toEqual([cancel]);
  });

  it('closes its engine when asked to stop, and exits when that is done', async () => {
    const { start, parent, thread, toThread, exits } = relayed();
    await start();
    parent.post({ type: 'child:stop' });
    await settle();
    expect(toThread).toEqual([{ type: 'child:stop' }]);
    expect(exits).toEqual([]);
    thread.post({ type: 'child:closed' });
    await settle();
    expect(exits).toEqual(['0 clean']);
  });

  it('does not wait for an engine that does not close', async () => {
    const { start, parent, clock, exits } = relayed();
    await start();
    parent.post({ type: 'child:stop' });
    await clock.advanceAsync(500);
    expect(exits).toEqual(['0 now']);
  });

  it('leaves when its parent is gone, and without waiting for native threads at exit', async () => {
    const { start, parent, thread, toThread, exits } = relayed();
    await start();
    parent.close();
    await settle();
    expect(toThread).toEqual([{ type: 'child:stop' }]);
    thread.post({ type: 'child:closed' });
    await settle();
    expect(exits).toEqual(['0 now']);
  });

  it('leaves at once when it has not started anything', async () => {
    const { parent, exits } = relayed();
    parent.close();
    await settle();
    expect(exits).toEqual(['0 clean']);
  });

  it('exits with a code of its own when the engine thread dies, and says why', async () => {
    const { start, died, exits, complaints } = relayed();
    await start();
    died('Error: no memory');
    expect(exits).toEqual(['70 clean']);
    expect(complaints).toEqual(['engine thread: Error: no memory']);
  });

  it('leaves when the parent has stopped to ping, but not before it ever has', async () => {
    const { start, parent, clock, exits } = relayed();
    await start();
    await clock.advanceAsync(600_000);
    parent.post({ type: 'child:ping', seq: 1 });
    await clock.advanceAsync(59_000);
    parent.post({ type: 'child:ping', seq: 2 });
    await clock.advanceAsync(59_000);
    expect(exits).toEqual([]);
    await clock.advanceAsync(30_000);
    expect(exits).toEqual(['71 now']);
  });
});
