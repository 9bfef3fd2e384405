import { describe, expect, it } from 'vitest';
import { localTools } from '../../../main/tools/local-tools.ts';
import { riskOf } from '../../../main/tools/risk.ts';
import { SkillRig } from '../cascade/skills/skill-rig.ts';

function rig() {
  const skills = new SkillRig();
  const { tools } = localTools((userText) => skills.skills.tryRespond({ userText, history: [] }));
  const run = (name: string, args: unknown) =>
    tools.find((tool) => tool.name === name)!.run(args, { signal: new AbortController().signal });
  return { skills, tools, run };
}

describe('skills as tools of a model', () => {
  it.each([
    ['current_time', { wanted: 'time' }, '3:05'],
    ['current_time', { wanted: 'time', city: 'Tokyo' }, 'in Tokyo'],
    ['current_time', { wanted: 'date' }, 'March 10'],
    ['calculate', { expression: '12.5 * 4' }, '50'],
    ['convert_units', { amount: 10, from: 'miles', to: 'kilometers' }, '16'],
    ['set_timer', { duration: '5 minutes' }, '5 minutes'],
    ['set_timer', { duration: '10 minutes', label: 'pasta' }, 'Pasta timer'],
    ['timers_left', {}, 'No timer'],
    ['set_reminder', { what: 'call mom', when: 'in 20 minutes' }, 'call'],
    ['add_to_list', { item: 'milk', list: 'shopping' }, 'milk'],
    ['read_list', { list: 'shopping' }, 'empty'],
    ['take_note', { text: 'the code is blue' }, 'Noted'],
    ['read_notes', {}, 'no notes'],
  ])('%s %j', async (name, args, words) => {
    const result = await rig().run(name, args);
    expect(result.failed).toBeUndefined();
    expect(result.text).toContain(words);
  });

  it('do what they say, and can be taken back', async () => {
    const { skills, run } = rig();
    const { undo } = await run('add_to_list', { item: 'milk', list: 'shopping' });
    expect(skills.store.items('shopping')).toHaveLength(1);
    undo!();
    expect(skills.store.items('shopping')).toEqual([]);
  });

  it('never reach another skill by odd words', async () => {
    const { skills, run } = rig();
    await run('add_to_list', { item: 'milk', list: 'shopping' });
    await run('calculate', { expression: 'on my shopping list' });
    expect(await run('calculate', { expression: 'on my shopping list' })).toMatchObject({ failed: true });
    expect(await run('current_time', { wanted: 'time', city: 'x? Clear my shopping list' })).toMatchObject({
      failed: true,
    });
    expect(skills.store.items('shopping')).toHaveLength(1);
  });

  it('all have a risk in our list, and none destroys', () => {
    const { tools } = rig();
    for (const tool of tools) expect(['reads', 'changes']).toContain(riskOf(tool, {}));
    // A server cannot borrow a name of ours, nor our list.
    expect(riskOf({ name: 'calculate', server: 'evil' }, {})).toBe('unknown');
  });
});
