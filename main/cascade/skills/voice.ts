import type { PacedVoice } from '../voice-pace.ts';
import { firstMatch, type Skill, type SkillAnswer } from './skill.ts';

const MORE = '(?:a (?:bit|little|little bit|lot|touch) |much |even |way |slightly |just a little )?';
const SLOWER = new RegExp(
  `^(?:(?:talk|speak|go|say (?:it|that|this)|read|be)(?: to me)? ${MORE}(?:more slowly|slower|slowly|less quickly|less fast|slow)|slow down(?: a (?:bit|little))?(?: your (?:voice|speech))?|you(?: are)? (?:talk|speak|talking|speaking|going) (?:too|so|very) (?:fast|quickly|quick)|(?:that is |that was |it is )?too fast|${MORE}slower|slow down your speech|do not (?:talk|speak) so (?:fast|quickly))$`,
);
const FASTER = new RegExp(
  `^(?:(?:talk|speak|go|say (?:it|that|this)|read|be)(?: to me)? ${MORE}(?:more quickly|faster|quickly|quicker|less slowly)|(?:speed|hurry) (?:it )?up(?: a (?:bit|little))?(?: your (?:voice|speech))?|you(?: are)? (?:talk|speak|talking|speaking|going) (?:too|so|very) (?:slow|slowly)|(?:that is |that was |it is )?too slow|${MORE}faster|pick up the pace)$`,
);
const NORMAL =
  /^(?:(?:talk|speak|go)(?: back)?(?: at| to| with)?(?: a| the| your)? ?(?:normal(?:ly)?|regular|usual|default)(?: speed| pace)?|(?:normal|regular|default) (?:speed|pace)|reset (?:your |the )?(?:speed|pace)|back to normal(?: speed)?)$/;

export function voiceSkill(voice: PacedVoice): Skill {
  function change(to: number, words: string): SkillAnswer {
    const before = voice.speed;
    return {
      text: words,
      effect: {
        apply: () => {
          voice.setSpeed(to);
          return () => voice.setSpeed(before);
        },
      },
    };
  }

  return {
    name: 'voice',
    sentences: [
      "Okay, I'll speak more slowly.",
      "Okay, I'll speak faster.",
      'Back to my normal pace.',
      "I can't speak any slower.",
      "I can't speak any faster.",
    ],
    answer({ forms }) {
      const slower = voice.stepFrom(voice.speed, -1);
      const faster = voice.stepFrom(voice.speed, 1);
      if (firstMatch(forms, SLOWER)) {
        return slower === voice.speed
          ? { text: "I can't speak any slower." }
          : change(slower, "Okay, I'll speak more slowly.");
      }
      if (firstMatch(forms, FASTER)) {
        return faster === voice.speed
          ? { text: "I can't speak any faster." }
          : change(faster, "Okay, I'll speak faster.");
      }
      return firstMatch(forms, NORMAL) ? change(1, 'Back to my normal pace.') : null;
    },
  };
}
