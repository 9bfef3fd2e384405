import type { AppControls, VoiceChoice } from '../../ports/app-controls.ts';
import { normalise } from '../utterance/normalise.ts';
import { firstMatch, type Skill, type SkillAnswer } from './skill.ts';
import { spokenList } from './spoken-lists.ts';

const LIST =
  /^(?:(?:which|what)(?: other| different)? voices(?: are there| do you have| can you use| are available| are installed| have you got| can i choose(?: from)?)?|(?:list|show|name)(?: me)?(?: all)?(?: the| your)? voices|do you have (?:any )?(?:other|different|more) voices)$/;
const NEXT =
  /^(?:(?:use|try|choose|pick|switch to|change to|take|speak (?:in|with)|talk (?:in|with))(?: an?| the| your)? ?(?:other|another|different|next|new) voice|(?:change|switch)(?: your| the)? voice|next voice|another voice|(?:a )?different voice)$/;
const NAMED =
  /^(?:use|try|choose|switch to|change to|speak (?:in|with)|talk (?:in|with)|change your voice to)(?: the)? (?:voice (?<after>[a-z0-9 ]+)|(?<before>[a-z0-9 ]+?) voice|(?<alone>[a-z0-9 ]+))$/;
const ONLY_ONE = 'I have only this voice. You can install others in the models view.';

/** Which voice speaks. Another one is put in service after this answer, so the answer itself is the old one's. */
export function voicesSkill(controls: Pick<AppControls, 'voices' | 'useVoice'>): Skill {
  function use({ id, label }: VoiceChoice): SkillAnswer {
    const before = controls.voices().current;
    return {
      text: `Okay, you'll hear ${label} next.`,
      effect: {
        apply: () => {
          controls.useVoice(id);
          return () => {
            if (before !== null) controls.useVoice(before);
          };
        },
      },
    };
  }

  function list(): SkillAnswer {
    const { choices, current } = controls.voices();
    if (choices.length < 2) return { text: ONLY_ONE };
    const others = choices.filter(({ id }) => id !== current).map(({ label }) => label);
    const own = choices.find(({ id }) => id === current);
    return { text: `${own ? `This is ${own.label}. ` : ''}There is also ${spokenList(others)}.` };
  }

  function next(): SkillAnswer {
    const { choices, current } = controls.voices();
    if (choices.length < 2) return { text: ONLY_ONE };
    const at = choices.findIndex(({ id }) => id === current);
    return use(choices[(at + 1) % choices.length]!);
  }

  /** Only a name that one of the voices has: "use a spoon" is no wish for a voice. */
  function named(name: string): SkillAnswer | null {
    const found = controls
      .voices()
      .choices.filter(({ label, id }) => [label, id].some((each) => ` ${normalise(each)} `.includes(` ${name} `)));
    return found.length === 1 ? use(found[0]!) : null;
  }

  return {
    name: 'voices',
    sentences: [ONLY_ONE],
    answer({ forms }) {
      if (firstMatch(forms, LIST)) return list();
      if (firstMatch(forms, NEXT)) return next();
      const { after, before, alone } = firstMatch(forms, NAMED)?.groups ?? {};
      const name = after ?? before ?? alone;
      return name === undefined ? null : named(name);
    },
  };
}
