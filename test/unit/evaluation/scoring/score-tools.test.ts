import { expect, test } from 'vitest';
import { saysPhrase } from '../../../../main/evaluation/scoring/phrases.ts';
import { scoreTools } from '../../../../main/evaluation/scoring/score-tools.ts';
import type { ScenarioTurn } from '../../../../main/evaluation/scenario/scenario.ts';

const call = (name: string, args: unknown = {}) => ({ at: 0, name, arguments: args, broke: false });

function expecting(tools: ScenarioTurn['expect']['tools'], inOrder = true): Pick<ScenarioTurn, 'expect'> {
  return { expect: { says: [], never_says: [], tools, tools_in_order: inOrder } };
}

const find = { name: 'find', arguments: { title: '/moby/' } };
const reserve = { name: 'reserve', arguments: { number: 81 } };

test('the right calls in their order are right, and in another order only where that is allowed', () => {
  const right = [call('find', { title: 'Moby Dick' }), call('reserve', { number: 81 })];
  expect(scoreTools(expecting([find, reserve]), right)).toMatchObject({ toolsRight: 2, toolsUnasked: 0 });
  const swapped = right.toReversed();
  expect(scoreTools(expecting([find, reserve]), swapped)).toMatchObject({ toolsRight: 1, check: { passed: false } });
  expect(scoreTools(expecting([find, reserve], false), swapped)).toMatchObject({
    toolsRight: 2,
    check: { passed: true },
  });
});

test('wrong arguments and calls that nobody asked for are not passed', () => {
  expect(scoreTools(expecting([reserve]), [call('reserve', { number: 18 })])).toMatchObject({
    toolsRight: 0,
    toolsUnasked: 1,
  });
  expect(scoreTools(expecting('none'), [call('find')])).toMatchObject({ toolsUnasked: 1, check: { passed: false } });
  expect(scoreTools(expecting('none'), [])).toMatchObject({ check: { passed: true } });
  expect(scoreTools(expecting(undefined), [call('find')])).toMatchObject({ toolsUnasked: 0, check: null });
});

test('words occur as they are spoken, not inside of others, and expressions see digits and words', () => {
  expect(saysPhrase("It's Rome, I think.", 'rome')).toBe(true);
  expect(saysPhrase('A romance.', 'rome')).toBe(false);
  expect(saysPhrase('At 7.', 'at seven')).toBe(true);
  expect(saysPhrase('That is sixty.', '/sixty|60/')).toBe(true);
});
