import type { AppControls } from '../../ports/app-controls.ts';
import type { PacedVoice } from '../voice-pace.ts';
import { alarmSkill } from './alarms.ts';
import { arithmeticSkill } from './arithmetic.ts';
import { chanceSkill } from './chance.ts';
import { dateSkill } from './date.ts';
import { factSkill } from './facts.ts';
import type { Keeping } from './keeping.ts';
import { listSkill } from './lists.ts';
import { repeatSkill, saidSkill, speedSkill, type LastTurn } from './memory.ts';
import { modesSkill } from './modes.ts';
import { noteSkill } from './notes.ts';
import { reminderSkill } from './reminders.ts';
import type { Skill } from './skill.ts';
import { spellingSkill } from './spelling.ts';
import { stopSkill } from './stop.ts';
import { timeSkill } from './time.ts';
import { timerSkill } from './timers.ts';
import { toldSkill } from './told.ts';
import { unitSkill } from './units.ts';
import { voiceSkill } from './voice.ts';
import { voicesSkill } from './voices.ts';
import { volumeSkill } from './volume.ts';
import { webSkill } from './web.ts';

export interface EverydaySkillOptions extends Keeping {
  voice: PacedVoice;
  controls: AppControls;
  /** 0 ≤ x < 1. */
  random(): number;
  /** The turn before this one, as it was measured. */
  lastTurn(): LastTurn | null;
}

/** All skills, the most specific first. */
export function everydaySkills(options: EverydaySkillOptions): Skill[] {
  return [
    stopSkill,
    modesSkill(options.controls),
    repeatSkill(),
    saidSkill(),
    speedSkill(options.lastTurn),
    toldSkill,
    timeSkill,
    timerSkill(options),
    alarmSkill(options),
    reminderSkill(options),
    listSkill(options),
    noteSkill(options),
    dateSkill,
    factSkill,
    unitSkill,
    arithmeticSkill,
    chanceSkill(options.random),
    spellingSkill,
    voiceSkill(options.voice),
    volumeSkill(options.controls),
    voicesSkill(options.controls),
    webSkill(options.controls),
  ];
}
