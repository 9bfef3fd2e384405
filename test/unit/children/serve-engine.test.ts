import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import { deferred } from '../../../main/lib/deferred.ts';
import { CancelSlots } from '../../../main/children/cancel-slots.ts';
import type { ChildControl } from '../../../main/children/child-control.ts';
import { splitControl } from '../../../main/children/control-split.ts';
import { linkedPair } from '../../../main/children/message-link.ts';
import { RpcPeer } from '../../../main/children/rpc-peer.ts';
import { serveEngineOver, type NotifyApp, type ServedEngine } from '../../../main/children/serve-engine.ts';
import { settle } from '../../fakes/fake-clock.ts';

function served(load: (config: unknown, notify: NotifyApp) => Promise<ServedEngine>) {
  const [near, far] = linkedPair();
  const controls: ChildControl[] = [];
  const client = new RpcPeer(
    splitControl(near, (control) => controls.push(control)),
    { stage: 'listen' },
  );
  const cancelSlots = new CancelSlots();
  serveEngineOver(far, { stage: 'listen', config: { model: 'm' }, cancelSlots, load });
  return { client, controls, near, cancelSlots };
}

describe('a served engine', () => {
  it('is ready when it is loaded, not before, and then answers', async () => {
    const loaded = deferred<ServedEngine>();
    const { client, controls } = served(() => loaded.promise);
    await settle();
    expect(controls).toEqual([]);
    loaded.resolve({ calls: { ask: async () => 'answer' } });
    await settle();
    expect(controls).toEqual([{ type: 'child:ready' }]);
    expect(await client.call('ask', null)).toBe('answer');
  });

  it('gets its configuration and can notify while it loads', async () => {
    const heard: unknown[] = [];
    const { client } = served(async (config, notify) => {
      notify('progress', config);
      return {};
    });
    client.onNotify('progress', (params) => heard.push(params));
    await settle();
    expect(heard).toEqual([{ model: 'm' }]);
  });

  it('reports a typed start error as it is', async () => {
    const { controls } = served(async () => {
      throw new ParleyError({ code: 'model-corrupt', stage: 'models', detail: 'file' });
    });
    await settle();
    expect(controls).toMatchObject([{ type: 'child:start-error', error: { code: 'model-corrupt', stage: 'models' } }]);
  });

  it('reports any other start error as engine-failed, which may be tried again', async () => {
    const { controls } = served(async () => {
      throw new Error('no layers');
    });
    await settle();
    expect(controls).toMatchObject([
      { error: { code: 'engine-failed', stage: 'listen', retryable: true, message: 'no layers' } },
    ]);
  });

  it('answers pings while it loads', async () => {
    const { near, controls } = served(() => new Promise(() => {}));
    near.post({ type: 'child:ping', seq: 3 });
    await settle();
    expect(controls).toEqual([{ type: 'child:worker-pong', seq: 3 }]);
  });

  it('gives the memory of its results away', async () => {
    const pcm = new Float32Array([1, 2]);
    const { client } = served(async () => ({ calls: { speak: async () => ({ pcm }) } }));
    await settle();
    expect(await client.call('speak', null)).toEqual({ pcm: new Float32Array([1, 2]) });
    expect(pcm.length).toBe(0);
  });

  it('sees a shared cancel flag', async () => {
    const seen: boolean[] = [];
    const { client, cancelSlots } = served(async () => ({
      calls: {
        look: async (_params, { isCancelled }) => {
          seen.push(isCancelled());
          cancelSlots.cancel(1);
          seen.push(isCancelled());
        },
      },
    }));
    await settle();
    await client.call('look', null);
    expect(seen).toEqual([false, true]);
  });

  it('closes its engine when it is stopped, even if it is asked while it loads', async () => {
    const loaded = deferred<ServedEngine>();
    const { near, controls } = served(() => loaded.promise);
    near.post({ type: 'child:stop' });
    await settle();
    const done: string[] = [];
    loaded.resolve({ close: async () => void done.push('closed') });
    await settle();
    expect(done).toEqual(['closed']);
    expect(controls.at(-1)).toEqual({ type: 'child:closed' });
  });

  it('says that it is closed even if closing failed, or nothing was ever loaded', async () => {
    const broken: (() => Promise<ServedEngine>)[] = [
      async () => ({ close: () => Promise.reject(new Error('stuck')) }),
      async () => Promise.reject(new Error('no model')),
    ];
    for (const load of broken) {
      const { near, controls } = served(load);
      await settle();
      near.post({ type: 'child:stop' });
      await settle();
      expect(controls.at(-1)).toEqual({ type: 'child:closed' });
    }
  });
});
