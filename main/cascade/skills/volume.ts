import type { AppControls } from '../../ports/app-controls.ts';
import { firstMatch, type Skill, type SkillAnswer, type SkillRequest } from './skill.ts';

const YOUR = '(?:the |your |my )?';
const SOUND = `${YOUR}(?:volume|sound|voice volume|loudness|speaker volume|speakers?|audio)`;
const PERCENT = String.raw`\d+(?:\.\d+)?(?: percent)?`;
const SET = new RegExp(
  `^(?:(?:set|put|turn|change|make|bring|adjust|get|lower|raise|increase|reduce|decrease)(?: down| up)? ${SOUND}(?: down| up)? (?:to|at) (?:about )?(?<level>full|maximum|max|the maximum|half|minimum|the minimum|${PERCENT})|${SOUND}(?: at| to)? (?<level2>${PERCENT})|(?:go|turn) to (?<level3>${PERCENT}) volume|(?<level4>full|maximum|max|half) volume)$`,
);
const SET_WITHOUT = new RegExp(`^(?:set|change|adjust) ${SOUND}$`);
const UP = new RegExp(
  `^(?:(?:turn|put|crank|bring|bump) (?:it |${SOUND} )?up(?: ${SOUND})?(?: a (?:bit|little|little bit|lot|touch)| a notch)?|(?:${SOUND}|volume) up|(?:increase|raise) ${SOUND}|(?:speak|talk|be|say (?:it|that)|a (?:bit|little)|go)(?: a (?:bit|little|little bit|lot))? louder|louder|speak up(?: a (?:bit|little|little bit))?|(?:you are|that is|that was|it is) (?:way |much |a (?:bit|little) |far )?(?:too|very|so) (?:quiet|soft|low)|(?:too|so) quiet|more volume|i can (?:barely|hardly) hear you|i can not hear you (?:very )?well)$`,
);
const DOWN = new RegExp(
  `^(?:(?:turn|put|bring) (?:it |${SOUND} )?down(?: ${SOUND})?(?: a (?:bit|little|little bit|lot|touch)| a notch)?|(?:${SOUND}|volume) down|(?:decrease|lower|reduce) ${SOUND}|(?:speak|talk|be|a (?:bit|little)|go)(?: a (?:bit|little|little bit|lot))? (?:quieter|softer|more quietly|more softly|quietly|softly)|quieter|softer|(?:you are|that is|that was|it is) (?:way |much |a (?:bit|little) |far )?(?:too|very|so) loud|(?:way |much )?(?:too|so) loud|less volume|keep it down|not so loud|lower your voice)$`,
);
const SILENCE = new RegExp(
  `^(?:(?:mute|silence) (?:yourself|your voice|${SOUND}|the speakers?)|go (?:silent|mute)|(?:turn|switch) (?:off )?${SOUND}(?: off)?|volume (?:off|zero)|sound off)$`,
);
const RESTORE = new RegExp(
  `^(?:unmute (?:yourself|your voice|${SOUND}|the speakers?)|(?:turn|switch) (?:on )?${SOUND}(?: on)?(?: back on| again)?|sound on|talk again|speak again)$`,
);
const ASK = new RegExp(
  `^(?:(?:what is|how (?:loud|high) is|at what is|tell me) ${SOUND}(?: level)?(?: set)?(?: to| at| now)?|how loud are you)$`,
);
const LEVEL = new RegExp(`^(?:to |at |about )*(?<level>full|maximum|max|half|minimum|${PERCENT})$`);
const STEP = 20;
const WORDS: Record<string, number> = { full: 100, maximum: 100, max: 100, half: 50, minimum: 10 };
/** What "unmute" goes back to when the volume was zero already at the start. */
const AUDIBLE = 60;
const HOW_LOUD = 'To how many percent?';
const LOUDEST = "That's as loud as I get.";
const QUIETEST = "That's as quiet as I get. Say mute yourself for silence.";

/** How loud Parley speaks. What is said about a change is said as loud as it is then. */
export function volumeSkill(controls: Pick<AppControls, 'volumePercent' | 'setVolume'>): Skill {
  let audiblePercent = AUDIBLE;

  function change(percent: number, text: string): SkillAnswer {
    const before = controls.volumePercent();
    return {
      text,
      effect: {
        apply: () => {
          if (before > 0) audiblePercent = before;
          controls.setVolume(percent);
          return () => controls.setVolume(before);
        },
      },
    };
  }

  function set(percent: number): SkillAnswer | null {
    if (percent > 100) return { text: 'A hundred percent is the most.' };
    return change(Math.round(percent), percent === 0 ? 'Muted.' : `Volume ${Math.round(percent)} percent.`);
  }

  function step(direction: 1 | -1): SkillAnswer {
    const before = controls.volumePercent();
    if (direction > 0 && before >= 100) return { text: LOUDEST };
    if (direction < 0 && before <= STEP) return { text: QUIETEST };
    const percent = Math.min(100, Math.max(STEP, before + direction * STEP));
    return change(percent, `Volume ${percent} percent.`);
  }

  function fill({ numeric }: SkillRequest): SkillAnswer | null {
    const level = firstMatch(numeric, LEVEL)?.groups!.level;
    return level === undefined ? null : set(percentOf(level));
  }

  return {
    name: 'volume',
    sentences: [HOW_LOUD, LOUDEST, QUIETEST, ...[20, 40, 60, 80, 100].map((percent) => `Volume ${percent} percent.`)],
    answer({ numeric }) {
      const found = firstMatch(numeric, SET)?.groups;
      if (found) return set(percentOf(Object.values(found).find((value) => value !== undefined)!));
      if (firstMatch(numeric, SET_WITHOUT)) return { text: HOW_LOUD, followUp: fill };
      if (firstMatch(numeric, SILENCE)) return change(0, 'Muted.');
      if (firstMatch(numeric, RESTORE)) {
        const percent = controls.volumePercent() || audiblePercent;
        return change(percent, `Volume ${percent} percent.`);
      }
      if (firstMatch(numeric, UP)) return step(1);
      if (firstMatch(numeric, DOWN)) return step(-1);
      return firstMatch(numeric, ASK) ? { text: `The volume is at ${controls.volumePercent()} percent.` } : null;
    },
  };
}

function percentOf(level: string): number {
  return WORDS[level.replace('the ', '')] ?? Number.parseFloat(level);
}
