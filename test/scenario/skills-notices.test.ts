import { describe, expect, it } from 'vitest';
import type { ReplyPiece } from '../../main/ports/responder.ts';
import type { Notice } from '../../main/ports/voice-architecture.ts';
import { Conversation } from './harness.ts';

function notice(text: string): Notice & { ends: unknown[] } {
  const ends: unknown[] = [];
  return {
    ends,
    async *respond(): AsyncIterable<ReplyPiece> {
      yield { type: 'source', source: 'notice' };
      yield { type: 'text', text };
      yield { type: 'clause', clause: { text, startChar: 0, endChar: text.length } };
    },
    onEnded: (end) => ends.push(end),
  };
}

describe('a notice', () => {
  it('is said at once when nobody has the floor, without a user turn', async () => {
    const c = new Conversation();
    await c.silence(300);
    const ring = notice('Your timer is done.');
    c.session.announce(ring);
    await c.silence(3000);
    expect(c.finalTexts).toEqual([]);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', answeredBy: 'notice', heardChars: 19 }]);
    expect(ring.ends).toMatchObject([{ outcome: 'done', heardChars: 19 }]);
    expect(c.session.history).toEqual([{ user: '', heard: 'Your timer is done.' }]);
  });

  it('waits while the user speaks, and until they were answered', async () => {
    const c = new Conversation();
    await c.speak('what time', { ms: 400 });
    c.session.announce(notice('Ding.'));
    await c.speak('is it?', { ms: 400 });
    await c.silence(6000);
    expect(c.finalTexts).toEqual(['what time is it?']);
    expect(c.of('answer-ended').map(({ answeredBy, outcome }) => [answeredBy, outcome])).toEqual([
      [null, 'done'],
      ['notice', 'done'],
    ]);
  });

  it('is interrupted like any answer', async () => {
    const c = new Conversation();
    const ring = notice('Your timer for the eggs and the potatoes and the beans is done.');
    c.session.announce(ring);
    await c.silence(800);
    await c.speak('okay stop it', { ms: 600 });
    await c.silence(3000);
    expect(ring.ends).toMatchObject([{ outcome: 'interrupted' }]);
    expect(c.finalTexts).toEqual(['okay stop it']);
  });

  it('that never began says so when the session is closed', async () => {
    const c = new Conversation();
    await c.speak('hello', { ms: 300 });
    const ring = notice('Ding.');
    c.session.announce(ring);
    await c.session.close();
    expect(ring.ends).toEqual([{ outcome: 'interrupted', heardChars: 0 }]);
  });
});

describe('what an answer does', () => {
  function acting(c: Conversation, done: string[]): void {
    c.responder.respond = async function* (request): AsyncIterable<ReplyPiece> {
      const { userText } = request;
      const effect = {
        apply: () => {
          done.push(userText);
          return () => void done.splice(done.indexOf(userText), 1);
        },
      };
      yield { type: 'source', source: 'skill' };
      yield { type: 'effect', effect };
      yield { type: 'text', text: 'Timer set for now.' };
      yield { type: 'clause', clause: { text: 'Timer set for now.', startChar: 0, endChar: 18 } };
    };
  }

  it('is done once, although the answer was prepared before the user had finished', async () => {
    const c = new Conversation();
    const done: string[] = [];
    acting(c, done);
    await c.speak('set a timer for ten minutes', { complete: 0.9 });
    await c.silence(160);
    expect(done).toEqual([]);
    await c.speak('and thirty seconds');
    await c.silence(4000);
    expect(done).toEqual(['set a timer for ten minutes and thirty seconds']);
  });

  it('is undone when the user goes on after the end was called', async () => {
    const c = new Conversation();
    const done: string[] = [];
    acting(c, done);
    await c.speak('set a timer for ten minutes.', { complete: 0.99 });
    await c.silence(420);
    expect(done).toEqual(['set a timer for ten minutes.']);
    await c.speak('no make that twelve');
    await c.silence(4000);
    expect(done).toEqual(['set a timer for ten minutes. no make that twelve']);
  });
});
