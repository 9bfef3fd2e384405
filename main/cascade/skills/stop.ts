import { firstMatch, type Skill } from './skill.ts';

const STOP =
  /^(?:(?:no |okay |oh |just |hey |please )*(?:stop(?: it| that| talking| speaking| now| please| there| this| right there| ringing| the ringing| the noise)*|be quiet|quiet(?: down)?|silence|shut up|shut it|hush|shush|enough|that is enough|no more|cancel(?: that| it)?|stop stop(?: stop)?|zip it|do not talk|pause|that will do)(?: now| please| already)?)$/;

/** By the time this is read the answer is silent already; one word says that it was understood. */
export const stopSkill: Skill = {
  name: 'stop',
  sentences: ['Okay.'],
  answer: ({ forms }) => (firstMatch(forms, STOP) ? { text: 'Okay.' } : null),
};
