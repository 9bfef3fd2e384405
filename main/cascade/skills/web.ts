import type { AppControls } from '../../ports/app-controls.ts';
import { hasTool } from '../connected-tools.ts';
import { firstMatch, type Skill } from './skill.ts';

const SEARCH =
  /^(?:(?:search|check|browse|look on|go on)(?: on| in)? (?:the )?(?:web|internet|net|google|online)(?: for .+)?|(?:search|look)(?: up)? (?:for )?.+ (?:on|in) (?:the )?(?:web|internet|google)|(?:search|look|look up) (?:for )?.+ online|google (?!is|was|has|maps|s\b|and|or|to|are|will|can|did|does).+|open (?:the )?(?:website|web page|browser)(?: .+)?)$/;
const NO_TOOL = "I can't search the web: no such tool is connected.";

/** Says at once what the model would only find out; with such a tool connected, the model gets the wish. */
export function webSkill(controls: Pick<AppControls, 'connectedTools'>): Skill {
  return {
    name: 'web',
    sentences: [NO_TOOL],
    answer: ({ forms }) =>
      firstMatch(forms, SEARCH) && !hasTool(controls.connectedTools(), 'web') ? { text: NO_TOOL } : null,
  };
}
