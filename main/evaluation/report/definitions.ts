/** What each figure means; printed with it. docs/evaluation.md says more. */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  'voice to voice':
    "last speech sample of the user's turn (label of the clip) → first agent sample above −50 dBFS that begins 50 ms of sound",
  'response rate': 'share of turns and interruptions that want an answer after which the agent says anything',
  'takeover rate':
    'share of the same turns after which the agent takes the floor; not when it says nothing, or less than 1 s and at most 3 words (a right answer of one word among them)',
  'cut-in': "the agent starts to speak, after 200 ms of silence, inside the user's turn; rate: turns with at least one",
  'yield rate':
    'share of interruptions into a sounding answer after which the agent is silent within 2 s; latency: onset of the interruption → end of the last sound before 1 s of silence',
  selectivity:
    'share of backchannels and noises into a sounding answer under which it went on (or went on again within 4 s) and of which no turn was made',
  'word error rate': 'edit distance of what was understood and what was said, on normalised words, over all words said',
  'heard-truth':
    "1 − edit distance of the words that the transcript says were heard and the recogniser's words of the recording, over the former, answer by answer (one that lasts over several clips counts once, where it began), numbers as they are spoken; the recogniser's own errors count against it",
  'tool accuracy':
    'expected calls made with the right name and arguments; calls nobody asked for are counted beside it',
  'LLM-free share': "answered turns that the language model had no part in, by the app's own account",
  passed: 'every check of the turn: answer, time, cut-ins, yielding, going on, words, tools',
  intervals:
    '95% by bootstrap over sessions (1000 resamples); with one session alone over its turns, which is too narrow. Shares of none or all: the score interval (Wilson) of as many turns',
  comparisons:
    'the same turns in both, repetitions averaged; two-sided sign-flip permutation test; "no difference shown" from p = 0.05 on',
};
