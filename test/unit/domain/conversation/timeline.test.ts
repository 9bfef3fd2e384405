import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../../main/domain/conversation/timeline.ts';

describe('timeline', () => {
  it('counts every mark from the last speech sample, in order of time', () => {
    const timeline = new Timeline();
    timeline.mark('answer-started', 1250);
    timeline.mark('audible', 1480);
    timeline.mark('endpoint', 1300);
    timeline.speechEndedAt(1000);
    expect(timeline.timing()).toEqual({
      marks: [
        { name: 'answer-started', atMs: 250 },
        { name: 'endpoint', atMs: 300 },
        { name: 'audible', atMs: 480 },
      ],
      voiceToVoiceMs: 480,
    });
  });

  it('keeps the first mark of a kind', () => {
    const timeline = new Timeline();
    timeline.speechEndedAt(0);
    timeline.mark('first-token', 10);
    timeline.mark('first-token', 20);
    expect(timeline.timing().marks).toEqual([{ name: 'first-token', atMs: 10 }]);
  });
});
