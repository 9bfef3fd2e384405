/** Said when a tool takes its time, by turns; rendered ahead. */
const FILLERS = ['One moment.', 'Let me look.', 'Just a second.'];
const STILL_LOOKING = 'Still working on it.';
/** Said when a model has nothing to say after its tools: an answer is due all the same. */
const NOTHING_TO_SAY = "I've looked, but I can't put it into words just now.";
const DID_NOT_WORK = "Sorry, that didn't work.";

export const TOOL_WORDS = {
  fillers: FILLERS,
  stillLooking: STILL_LOOKING,
  nothingToSay: NOTHING_TO_SAY,
  didNotWork: DID_NOT_WORK,
};

/** For rendering ahead. */
export const TOOL_SENTENCES: readonly string[] = [...FILLERS, STILL_LOOKING, NOTHING_TO_SAY, DID_NOT_WORK];

const FILLER = new RegExp(
  `(?:${[...FILLERS, STILL_LOOKING].map((words) => words.replace('.', '\\.')).join('|')})\\s*`,
  'g',
);

/**
 * What was heard of an answer without the words that only filled a silence. They were heard, so history and transcript hold them; but they are
 * not the model's, and it would soon begin every answer with them.
 */
export function withoutFillers(heard: string): string {
  return heard.replace(FILLER, '').trimEnd();
}
