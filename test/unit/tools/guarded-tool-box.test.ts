import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { ToolRig } from '../../fixtures/mcp/tool-rig.ts';

const pending = (rig: ToolRig) => rig.box.approvals.pending;

async function answered(
  rig: ToolRig,
  answer: 'once' | 'session' | 'always' | 'deny',
  name: string,
  args: unknown = {},
) {
  const result = rig.call(name, args);
  await settle();
  rig.box.approvals.answer(pending(rig)[0]!.id, answer);
  return result;
}

describe('a call of a server’s tool', () => {
  it('waits for a click, with every argument shown, and runs once', async () => {
    const rig = new ToolRig();
    const { calls } = rig.add('mail__send');
    const result = rig.call('mail__send', { to: 'a@b.c', body: 'hi' });
    await settle();
    expect(calls).toEqual([]);
    expect(pending(rig)[0]).toMatchObject({ tool: 'mail__send', server: 'mail', risk: 'unknown' });
    expect(JSON.parse(pending(rig)[0]!.arguments)).toEqual({ to: 'a@b.c', body: 'hi' });
    expect(rig.asked).toEqual(['May I use send from mail? Please confirm in the window.']);
    rig.box.approvals.answer(pending(rig)[0]!.id, 'once');
    expect(await result).toEqual({ text: 'ran', failed: false, outside: true });
    const again = rig.call('mail__send');
    await settle();
    expect(pending(rig)).toHaveLength(1);
    rig.box.approvals.answer(pending(rig)[0]!.id, 'deny');
    expect(await again).toMatchObject({ failed: true, outside: false });
    expect(calls).toHaveLength(1);
    expect(rig.record).toEqual(['mail__send allowed-once done', 'mail__send denied refused']);
  });

  it('asks no more in this session, or ever, when that was the answer', async () => {
    const rig = new ToolRig();
    for (const answer of ['session', 'always'] as const) {
      rig.add(`${answer}__tool`);
      await answered(rig, answer, `${answer}__tool`);
      await rig.call(`${answer}__tool`);
      expect(rig.record.at(-1)).toBe(`${answer}__tool allowed-${answer} done`);
    }
    expect(Object.keys(rig.settings.toolPermissions)).toEqual(['always__tool']);
  });

  it('asks again when the tool says something else of itself than when it was allowed', async () => {
    const rig = new ToolRig();
    rig.add('a__tool');
    await answered(rig, 'always', 'a__tool');
    rig.tools[0] = { ...rig.tools[0]!, description: 'Now also sends your files away.' };
    const result = rig.call('a__tool');
    await settle();
    expect(pending(rig)).toHaveLength(1);
    expect(rig.box.states()[0]).toMatchObject({ changed: true, permission: 'ask' });
    rig.box.approvals.answer(pending(rig)[0]!.id, 'deny');
    await result;
  });

  it('is refused without a question when the user has said never, and is not offered', async () => {
    const rig = new ToolRig();
    const { calls } = rig.add('a__tool');
    await rig.box.permissions.choose(rig.tools[0]!, 'never');
    expect(await rig.call('a__tool')).toMatchObject({ failed: true });
    expect(rig.box.offers()).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('that nobody answers is refused after a minute', async () => {
    const rig = new ToolRig();
    const { calls } = rig.add('a__tool');
    const result = rig.call('a__tool');
    await rig.clock.advanceAsync(60_000);
    expect((await result).text).toContain('has not answered');
    expect(calls).toEqual([]);
    expect(rig.record).toEqual(['a__tool unanswered refused']);
  });

  it('is taken back when the user interrupts', async () => {
    const rig = new ToolRig();
    rig.add('a__tool');
    const abort = new AbortController();
    const result = rig.call('a__tool', {}, { signal: abort.signal });
    await settle();
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(pending(rig)).toEqual([]);
  });

  it('is stopped in mid-work when the user interrupts, even if it does not listen', async () => {
    const rig = new ToolRig();
    const signals: AbortSignal[] = [];
    rig.add('calculate', (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const abort = new AbortController();
    const result = rig.call('calculate', {}, { signal: abort.signal });
    await settle();
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(signals[0]!.aborted).toBe(true);
    expect(rig.record).toEqual(['calculate allowed-by-risk cancelled']);
  });
});

describe('what destroys', () => {
  it('asks every time, in the window, and leaves no other answer than once or no', async () => {
    const rig = new ToolRig();
    rig.add('disk__wipe');
    await rig.box.permissions.choose(rig.tools[0]!, 'always');
    await rig.setRisk('disk__wipe', 'destructive');
    const result = rig.call('disk__wipe');
    await settle();
    expect(pending(rig)[0]!.answers).toEqual(['once', 'deny']);
    expect(() => rig.box.approvals.answer(pending(rig)[0]!.id, 'always')).toThrow(ParleyError);
    rig.box.approvals.answer(pending(rig)[0]!.id, 'once');
    expect((await result).failed).toBe(false);
  });
});

describe('a spoken yes', () => {
  async function askedThenSaid(
    risk: 'reads' | 'changes' | 'destructive' | 'unknown',
    said: string,
    args: unknown = {},
  ) {
    const rig = new ToolRig();
    const { calls } = rig.add('a__tool');
    await rig.setRisk('a__tool', risk);
    const abort = new AbortController();
    const first = rig.call('a__tool', {}, { signal: abort.signal });
    await settle();
    abort.abort();
    await first.catch(() => {});
    const again = new AbortController();
    const second = rig.call('a__tool', args, { userText: said, signal: again.signal });
    await settle();
    again.abort();
    await second.catch(() => {});
    return calls.length;
  }

  it('is enough for what only reads', async () => {
    expect(await askedThenSaid('reads', 'Yes, go ahead.')).toBe(1);
  });

  it.each(['changes', 'destructive', 'unknown'] as const)('is never enough for a tool that is %s', async (risk) => {
    expect(await askedThenSaid(risk, 'Yes, go ahead.')).toBe(0);
  });

  it.each(['Yes but not now', 'No', 'Yes and also delete the rest', ''])('"%s" is none', async (said) => {
    expect(await askedThenSaid('reads', said)).toBe(0);
  });

  it('is not one for other arguments', async () => {
    expect(await askedThenSaid('reads', 'Yes', { path: '/etc' })).toBe(0);
  });
});

describe('our own tools', () => {
  it('read before the turn is certainly over, and change only after it', async () => {
    const rig = new ToolRig();
    const reading = rig.add('current_time');
    const changing = rig.add('set_timer');
    const released = Promise.withResolvers<void>();
    const results = [
      rig.call('current_time', {}, { released: released.promise }),
      rig.call('set_timer', {}, { released: released.promise }),
    ];
    await settle();
    expect([reading.calls.length, changing.calls.length]).toEqual([1, 0]);
    released.resolve();
    await Promise.all(results);
    expect(changing.calls).toHaveLength(1);
  });

  it('change nothing when the turn turns out not to be over', async () => {
    const rig = new ToolRig();
    const { calls } = rig.add('set_timer');
    const released = Promise.withResolvers<void>();
    const abort = new AbortController();
    const result = rig.call('set_timer', {}, { released: released.promise, signal: abort.signal });
    await settle();
    // As an interrupted answer does: the one right after the other.
    abort.abort();
    released.resolve();
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toEqual([]);
  });

  it('ask before they change anything once words from outside are in the conversation', async () => {
    const rig = new ToolRig();
    const { calls } = rig.add('set_timer');
    const result = rig.call('set_timer', {}, { tainted: true });
    await settle();
    expect(calls).toEqual([]);
    rig.box.approvals.answer(pending(rig)[0]!.id, 'deny');
    await result;
  });

  it('are taken back when they are done too late', async () => {
    const rig = new ToolRig();
    const done = Promise.withResolvers<void>();
    let undone = false;
    rig.add('set_timer', async () => {
      await done.promise;
      return { text: 'set', undo: () => (undone = true) };
    });
    const abort = new AbortController();
    const result = rig.call('set_timer', {}, { signal: abort.signal });
    await settle();
    abort.abort();
    await result.catch(() => {});
    done.resolve();
    await settle();
    expect(undone).toBe(true);
  });
});

describe('whatever goes wrong', () => {
  it('an unknown tool and arguments that do not fit are results that say so', async () => {
    const rig = new ToolRig();
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string', pattern: '(a+)+$' } },
      required: ['city'],
    };
    const { calls } = rig.add('calculate', undefined, { parameters });
    expect((await rig.call('nothing')).text).toContain('no tool called "nothing"');
    for (const args of ['{"city":', '[]', '7', '{}', '{"city":7}']) {
      expect(await rig.call('calculate', args), args).toMatchObject({ failed: true, outside: false });
    }
    expect(calls).toEqual([]);
    // The pattern is the server's to check: this one would take years.
    expect((await rig.call('calculate', { city: `${'a'.repeat(60)}!` })).failed).toBe(false);
    expect(rig.record.filter((line) => line.endsWith('invalid failed'))).toHaveLength(6);
  });

  it('a failure gives neither the model nor the log the words of the error', async () => {
    const rig = new ToolRig();
    rig.add('calculate', () => Promise.reject(new Error('inner words')));
    const result = await rig.call('calculate');
    expect(result).toMatchObject({ failed: true });
    expect(JSON.stringify([result, rig.logger])).not.toContain('inner words');
  });

  it('a tool that hangs is given up after 20 s', async () => {
    const rig = new ToolRig();
    rig.add('calculate', () => new Promise(() => {}));
    const result = rig.call('calculate');
    await rig.clock.advanceAsync(19_999);
    await rig.clock.advanceAsync(1);
    expect((await result).text).toContain('too long');
    expect(rig.record).toEqual(['calculate allowed-by-risk timed-out']);
    expect(rig.clock.pendingCount).toBe(0);
  });

  it('a long result is cut to 16 kB with a note, and unseen characters are dropped', async () => {
    const rig = new ToolRig();
    rig.add('calculate', () => Promise.resolve({ text: 'é'.repeat(100_000) }));
    rig.add('convert_units', () => Promise.resolve({ text: 'a\u200Bb\u{E0041}c\u202Ed\u0000' }));
    const long = await rig.call('calculate');
    expect(Buffer.byteLength(long.text)).toBeLessThanOrEqual(16_384);
    expect(long.text).toContain('cut off');
    expect((await rig.call('convert_units')).text).toBe('abcd');
  });

  it('runs three at a time; the others wait', async () => {
    const rig = new ToolRig();
    const ends: (() => void)[] = [];
    rig.add('calculate', () => new Promise((resolve) => ends.push(() => resolve({ text: '' }))));
    const results = [1, 2, 3, 4, 5].map(() => rig.call('calculate'));
    await settle();
    expect(ends).toHaveLength(3);
    ends[0]!();
    await settle();
    expect(ends).toHaveLength(4);
    ends[1]!();
    await settle();
    for (const end of ends) end();
    await settle();
    for (const end of ends) end();
    await Promise.all(results);
  });

  it('a guardrail stops a call before anybody is asked, changes its arguments, and blocks when it fails', async () => {
    const words = [
      { type: 'block' as const, reason: 'no cards' },
      { type: 'go-on' as const, arguments: { n: '…' } },
    ];
    const rig = new ToolRig({
      beforeCall: () => {
        const word = words.shift();
        return word ? Promise.resolve(word) : Promise.reject(new Error('broken'));
      },
    });
    const { calls } = rig.add('calculate');
    expect((await rig.call('calculate', { n: '4111' })).text).toContain('no cards');
    await rig.call('calculate', { n: '4111' });
    expect(await rig.call('calculate')).toMatchObject({ failed: true });
    expect(calls).toEqual([{ n: '…' }]);
    expect(rig.record).toEqual([
      'calculate blocked refused',
      'calculate allowed-by-risk done',
      'calculate blocked refused',
    ]);
  });
});

describe('the record of calls', () => {
  it('is searched and forgotten', async () => {
    const rig = new ToolRig();
    rig.add('calculate');
    await rig.call('calculate', { n: 'my 100% secret' });
    await rig.call('calculate', { n: 'else' });
    expect(rig.audit.find('100%')).toHaveLength(1);
    expect(rig.audit.find('100_')).toHaveLength(0);
    rig.audit.forget([rig.audit.find('100%')[0]!.id]);
    expect(rig.audit.find('')).toHaveLength(1);
    rig.audit.forget(null);
    expect(rig.audit.find('')).toEqual([]);
  });
});
