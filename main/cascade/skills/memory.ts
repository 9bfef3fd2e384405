import type { AnswerSource } from '../../contract/state.ts';
import { firstMatch, type Skill } from './skill.ts';

const REPEAT = [
  /^(?:sorry |pardon |excuse me |wait |okay |hm |what )*(?:(?:say|repeat)(?: that| it| this| again| what you (?:just )?said| yourself| the last (?:thing|part|bit|answer|sentence)(?: you said)?| your (?:last )?answer)*(?: again| once more| one more time)?(?: louder)?)$/,
  /^(?:sorry |wait |excuse me |pardon )*(?:what(?: did| was| is)? (?:you (?:just )?say(?: just now| again| there)?|you (?:just )?said|that(?: again| you (?:just )?said)?|it you (?:just )?said|you say(?: that)?|your answer|the last thing you said)|come again|run that by me(?: again| one more time)?|tell me (?:that )?(?:again|once more)|(?:1|one) more time|once more|again)$/,
  /^(?:sorry |wait |oh |excuse me |pardon )*i (?:did not|could not|can not|do not)(?: quite| really)? (?:catch|hear|get|understand) (?:that|you|what you (?:just )?said|it|the last (?:part|bit|word))(?: (?:say|repeat) (?:that|it)(?: again)?)?$/,
  /^(?:pardon(?: me)?|what|huh|sorry what|excuse me what|say what|what was that|what is that again|i missed that|i beg your pardon|beg your pardon)$/,
];
const SAID = [
  /^what (?:did|have) i (?:just |last )?(?:say|said|ask|asked|tell|told)(?: to)?(?: you)?(?: just now| last| before| a moment ago| earlier)?$/,
  /^what was (?:my last|the last|my previous) (?:question|sentence|message|thing i (?:said|asked))(?: i asked)?$/,
  /^(?:repeat|say) (?:what i (?:just )?said|my (?:last )?(?:question|words))$/,
  /^what (?:did|have) you (?:just )?(?:hear|heard|understand|understood)(?: me say)?$/,
];
const FAST = [
  /^how (?:fast|quick|quickly|long|slow|speedy)(?: exactly)? (?:was|were|is|did|are)(?: that| it| you| this| the last answer| your (?:last )?(?:answer|response|reply)| the (?:answer|response|reply))(?: take(?: you)?| answer| respond| reply| answer that| react)?(?: to (?:answer|respond|reply|do that))?$/,
  /^what (?:is|was) (?:your|the) (?:last )?(?:latency|response time|reaction time|speed|delay)(?: of that| this time)?$/,
  /^how long did (?:that|it|you)(?: take| need)(?: you)?(?: to (?:answer|respond|reply))?(?: that)?$/,
];

export interface LastTurn {
  voiceToVoiceMs: number | null;
  answeredBy: AnswerSource | null;
}

/** Questions about the conversation itself. */
export function repeatSkill(): Skill {
  return {
    name: 'repeat',
    sentences: ["I haven't said anything yet."],
    answer({ forms, history }) {
      if (!firstMatch(forms, ...REPEAT)) return null;
      const last = history.findLast(({ heard }) => heard !== '');
      return { text: last ? last.heard : "I haven't said anything yet." };
    },
  };
}

export function saidSkill(): Skill {
  return {
    name: 'said',
    sentences: ["You haven't said anything before that."],
    answer({ forms, history }) {
      if (!firstMatch(forms, ...SAID)) return null;
      const last = history.findLast(({ user }) => user !== '');
      return { text: last ? `You said: ${last.user}` : "You haven't said anything before that." };
    },
  };
}

export function speedSkill(lastTurn: () => LastTurn | null): Skill {
  return {
    name: 'speed',
    sentences: ["I don't know yet. Ask me after the next answer."],
    answer({ forms }) {
      if (!firstMatch(forms, ...FAST)) return null;
      const last = lastTurn();
      if (!last || last.voiceToVoiceMs === null) return { text: "I don't know yet. Ask me after the next answer." };
      const by = last.answeredBy === 'model' ? 'with the language model' : 'without the language model';
      return { text: `${Math.round(last.voiceToVoiceMs)} milliseconds, ${by}.` };
    },
  };
}
