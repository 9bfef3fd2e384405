import { afterEach, expect, it } from 'vitest';
import type { MessageLink } from '../../main/children/message-link.ts';

/** Two ends of one line. `dispose` ends what stands behind them. */
export interface OpenedLink {
  near: MessageLink;
  far: MessageLink;
  dispose(): Promise<void> | void;
}

/**
 * What every link does. The far end of some is in another process, so the suite reaches it only through what it echoes: `far` has to
 * answer each message with `{ echo: message }`.
 */
export function declareLinkContract(open: () => Promise<OpenedLink | Omit<OpenedLink, 'far'>>): void {
  let opened: Omit<OpenedLink, 'far'> | undefined;
  afterEach(async () => {
    await opened?.dispose();
    opened = undefined;
  });

  async function near(): Promise<MessageLink> {
    opened = await open();
    return opened.near;
  }

  /** The next `count` messages. */
  function received(link: MessageLink, count: number): Promise<unknown[]> {
    const messages: unknown[] = [];
    return new Promise((resolve) => {
      link.onMessage((message) => {
        if (messages.push(message) === count) resolve(messages);
      });
    });
  }

  it('carries plain data and typed arrays both ways', async () => {
    const link = await near();
    const message = { text: 'hé', nothing: null, list: [1, 2.5], pcm: new Float32Array([0.5, -0.25]) };
    const answer = received(link, 1);
    link.post(message);
    expect(await answer).toEqual([{ echo: message }]);
  });

  it('carries only the part of a larger buffer that a view shows', async () => {
    const link = await near();
    const answer = received(link, 1);
    link.post({ pcm: new Float32Array([1, 2, 3, 4]).subarray(1, 3) });
    expect(await answer).toEqual([{ echo: { pcm: new Float32Array([2, 3]) } }]);
  });

  it('keeps the order', async () => {
    const link = await near();
    const answers = received(link, 100);
    for (let i = 0; i < 100; i++) link.post(i);
    expect(await answers).toEqual(Array.from({ length: 100 }, (_unused, index) => ({ echo: index })));
  });

  it('throws when a message cannot be cloned, and goes on working', async () => {
    const link = await near();
    const answer = received(link, 1);
    expect(() => link.post({ broken: () => 1 })).toThrow();
    link.post('next');
    expect(await answer).toEqual([{ echo: 'next' }]);
  });

  it('tells once that it is closed, also who asks later, and drops what is posted after', async () => {
    const link = await near();
    let closed = 0;
    link.onClose(() => closed++);
    link.close();
    link.close();
    expect(closed).toBe(1);
    link.onClose(() => closed++);
    expect(closed).toBe(2);
    expect(() => link.post('late')).not.toThrow();
  });
}
