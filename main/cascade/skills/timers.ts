import type { Alarm } from '../../ports/skill-store.ts';
import { DURATION, durationMs, spokenDuration } from './durations.ts';
import { CANCEL, reversible, type Keeping } from './keeping.ts';
import { capital } from './moments.ts';
import { firstMatch, type Skill, type SkillAnswer, type SkillRequest } from './skill.ts';
import { spokenList } from './spoken-lists.ts';

const MAX_TIMER_MS = 7 * 86_400_000;
const TIMER = '(?:timers?|countdowns?|count down)';
const SET = new RegExp(
  String.raw`^(?:(?:set|start|create|make|begin|put|pop|stick|run|do|give me|get me|i need|need|have|add|can i (?:have|get)|let us (?:do|have|set|start)|new)(?: me)?(?: up)?(?: on)? ?)?` +
    String.raw`(?:(?:an?|another|the|my|1|new) )*(?:(?<d1>${DURATION}) )?(?:(?<l1>(?!what|which|how|why|the|is|all|any|cancel|stop|delete|remove|kill|clear|check|show|list|long|much|my|no|end|pause|about|explain|of)[a-z]+) )?${TIMER}` +
    String.raw`(?: on)?(?: (?:for|of|to|at|with|from|lasting))?(?: (?<d2>${DURATION}))?(?: (?:for|called|named|labeled|to) (?:the |my )?(?<l2>[a-z ]+?))?$`,
);
const COUNT_DOWN = new RegExp(`^(?:count ?down|time)(?: from| me)?(?: for)? (?<d1>${DURATION})$`);
const LEFT = new RegExp(
  `^(?:(?:how much|how many|how long)(?: more)?(?: time| minutes| seconds| longer)?(?: is| are| do i have| have i got| does)?(?: there)?(?: still)? ?(?:left|remaining|remains|to go|have left|longer)?(?: (?:on|for|of|until|till|in|does|to))?(?: (?:the|my|that))?(?: (?<label>[a-z]+))?(?: ${TIMER})?(?: (?:is done|goes off|ends|rings|have left|left|have|has left|have got|finishes|finished|remaining|done))?)$`,
);
const STATUS = new RegExp(
  `^(?:(?:check|show|list|read|what are|what is|how is|what about|status of)(?: me)?(?: all)?(?: of)?(?: the| my)?(?: running| current| active)? ${TIMER}(?: at| doing| status| say)?|(?:do i have|are there|have i got|is there|have i)(?: any| a| set any)?(?: running| active)? ${TIMER}(?: running| set| on| going| left| active)*|is (?:the|my|a) timer (?:still )?(?:running|on|going|done|over|finished)(?: yet)?|what timers(?: do i have| are there| are running| are set| have i set)?(?: running| set)?|when (?:will|does|is) (?:the|my) timer (?:go off|end|ring|done|over|finish|be done|going off))$`,
);
const STOP = new RegExp(
  `^${CANCEL} (?:off )?(?<all>all )?(?:of )?(?:the |my |that |all )*(?:(?<label>(?!all|the|my)[a-z]+) |(?<d1>${DURATION}) )?(?<noun>${TIMER})(?: off)?$`,
);
const ASK_HOW_LONG = 'For how long?';
const BARE_DURATION = new RegExp(
  `^(?:for |about |make it |make that |set it (?:for|to) |let us say |say |a )*(?<d1>${DURATION})(?: please)?$`,
);

export function timerSkill({ store, newId }: Keeping): Skill {
  const timers = (): Alarm[] => store.alarms().filter(({ kind }) => kind === 'timer');

  function set(
    request: SkillRequest,
    { spoken, label }: { spoken: string | undefined; label: string },
  ): SkillAnswer | null {
    if (spoken === undefined) {
      return { text: ASK_HOW_LONG, followUp: (next) => fillDuration(next, label) };
    }
    const ms = durationMs(spoken);
    if (ms < 1000) return null;
    if (ms > MAX_TIMER_MS) return { text: 'A timer can run for a week at most.' };
    const timer: Alarm = {
      id: newId(),
      kind: 'timer',
      dueMs: request.now.epochMilliseconds + ms,
      label,
      durationMs: ms,
    };
    return {
      text: `${label === '' ? 'Timer' : `${capital(label)} timer`} set for ${spokenDuration(ms)}.`,
      effect: reversible(
        [timer],
        (each) => store.putAlarm(each),
        (each) => store.removeAlarm(each.id),
      ),
    };
  }

  function fillDuration(request: SkillRequest, label: string): SkillAnswer | null {
    const minutes = firstMatch(request.numeric, /^(?<n>\d+)$/)?.groups!.n;
    const spoken = firstMatch(request.numeric, BARE_DURATION)?.groups!.d1 ?? (minutes && `${minutes} minutes`);
    return spoken === undefined ? null : set(request, { spoken, label });
  }

  function status(request: SkillRequest): SkillAnswer {
    const running = timers();
    if (running.length === 0) return { text: 'No timer is running.' };
    const left = running.map((each) => {
      const time = spokenDuration(Math.max(1000, each.dueMs - request.now.epochMilliseconds));
      return running.length === 1 ? `${time} left` : `${time} on the ${nameOf(each)}`;
    });
    return { text: running.length === 1 ? `${capital(left[0]!)}.` : `You have ${spokenList(left)}.` };
  }

  function stop({ groups }: RegExpExecArray): SkillAnswer | null {
    const running = timers();
    if (running.length === 0) return { text: 'No timer is running.' };
    const isAll = groups!.all !== undefined || groups!.noun!.endsWith('s');
    const chosen = isAll
      ? running
      : running.filter((each) => {
          if (groups!.label !== undefined) return each.label === groups!.label;
          return groups!.d1 === undefined || each.durationMs === durationMs(groups!.d1);
        });
    if (chosen.length === 0) return { text: 'There is no such timer.' };
    if (chosen.length > 1 && !isAll) {
      return { text: `You have ${spokenList(chosen.map((each) => `the ${nameOf(each)}`))}. Say which one to cancel.` };
    }
    return {
      text: chosen.length === 1 ? 'Timer cancelled.' : `All ${chosen.length} timers cancelled.`,
      effect: reversible(
        chosen,
        (each) => store.removeAlarm(each.id),
        (each) => store.putAlarm(each),
      ),
    };
  }

  return {
    name: 'timer',
    sentences: [ASK_HOW_LONG, 'No timer is running.', 'Timer cancelled.', 'There is no such timer.'],
    answer(request) {
      const { numeric } = request;
      if (!numeric[0]!.match(/timer|count ?down|^time \d|left|longer|to go/)) return null;
      if (firstMatch(numeric, STATUS)) return status(request);
      const left = firstMatch(numeric, LEFT);
      if (
        left &&
        (/timer|countdown/.test(left[0]) ||
          (timers().length > 0 && /^how (?:much|long|many)/.test(left[0]) && left.groups!.label === undefined))
      )
        return status(request);
      const stopped = firstMatch(numeric, STOP);
      if (stopped) return stop(stopped);
      const found = firstMatch(numeric, COUNT_DOWN, SET)?.groups;
      if (!found || (found.d1 !== undefined && found.d2 !== undefined)) return null;
      return set(request, { spoken: found.d1 ?? found.d2, label: (found.l1 ?? found.l2 ?? '').trim() });
    },
  };
}

function nameOf({ label, durationMs: ms }: Alarm): string {
  return label === '' ? `${spokenDuration(ms ?? 0).replace(/s$/, '')} timer` : `${label} timer`;
}
