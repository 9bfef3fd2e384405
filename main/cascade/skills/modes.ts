import type { InputMode } from '../../contract/state.ts';
import type { AppControls } from '../../ports/app-controls.ts';
import { firstMatch, type Skill, type SkillAnswer } from './skill.ts';

const GO =
  '(?:(?:switch|change|go|move|turn|set it|get)(?: back| over)?(?: in)?(?: to| into| on)?|use|enable|activate|start|i want)?';
const MODE = '(?: mode)?';
const PATTERNS: readonly (readonly [InputMode, RegExp])[] = [
  ['push-to-talk', new RegExp(`^${GO} ?(?:the )?(?:push to (?:talk|speak)|hold to talk)${MODE}(?: on)?$`)],
  ['hands-free', new RegExp(`^${GO} ?(?:the )?(?:hands? ?free|open mic|open microphone)${MODE}(?: on)?$`)],
  ['wake-phrase', new RegExp(`^${GO} ?(?:the )?wake (?:word|phrase)${MODE}(?: on)?$`)],
];
const WORDS: Record<InputMode, string> = {
  'push-to-talk': 'Push to talk. Hold the key while you speak.',
  'hands-free': 'Hands-free. Just talk.',
  'wake-phrase': 'From now on I wait until you call me.',
};
const MUTE =
  /^(?:(?:mute|turn off|switch off|disable|close) (?:the |my |your )?(?:mic|mike|microphone)|(?:turn|switch) (?:the |my |your )?(?:mic|mike|microphone) off|mute me|(?:stop|do not) listen(?:ing)?(?: to me)?(?: for now| for a while)?|go to sleep|(?:mic|microphone) off)$/;
const UNMUTE =
  /^(?:(?:unmute|turn on|switch on|enable|open) (?:the |my |your )?(?:mic|mike|microphone)|(?:turn|switch) (?:the |my |your )?(?:mic|mike|microphone)(?: back)? on|unmute me|(?:start listening|listen(?: to me)?)(?: again| now)?|wake up|(?:mic|microphone) on)$/;
const MUTED = 'The microphone is off. Switch it on in the window, or type listen again.';
const LISTENING = "I'm listening.";

/** When Parley listens. */
export function modesSkill(controls: Pick<AppControls, 'inputMode' | 'setInputMode' | 'isMuted' | 'setMuted'>): Skill {
  function mute(muted: boolean): SkillAnswer {
    const text = muted ? MUTED : LISTENING;
    if (controls.isMuted() === muted) return { text };
    const effect = {
      apply: () => {
        controls.setMuted(muted);
        return () => controls.setMuted(!muted);
      },
    };
    return { text, effect };
  }

  return {
    name: 'modes',
    sentences: [...Object.values(WORDS), MUTED, LISTENING],
    answer({ forms }) {
      if (firstMatch(forms, MUTE)) return mute(true);
      if (firstMatch(forms, UNMUTE)) return mute(false);
      for (const [mode, pattern] of PATTERNS) {
        if (!firstMatch(forms, pattern)) continue;
        const before = controls.inputMode();
        const apply = (): (() => void) => {
          controls.setInputMode(mode);
          return () => controls.setInputMode(before);
        };
        return before === mode ? { text: WORDS[mode] } : { text: WORDS[mode], effect: { apply } };
      }
      return null;
    },
  };
}
