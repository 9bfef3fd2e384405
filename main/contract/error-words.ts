import type { ErrorCode, SerialisedError, Stage } from './errors.ts';
import type { Problem } from './state.ts';

export interface ErrorWords {
  /** What happened: one sentence. */
  title: string;
  /** What the user can do about it: one or two sentences. */
  nextStep: string;
}

/** Who did it, as the subject of a sentence. */
const ACTOR: Record<Stage, string> = {
  audio: 'The sound device',
  listen: 'Speech recognition',
  think: 'The language model',
  speak: 'The voice',
  tool: 'A tool',
  models: 'The model installer',
  transport: 'The connection to this window',
  app: 'Parley',
};

interface Circumstances {
  /** Subject of a sentence. */
  actor: string;
  /** ` (the thing)`, or nothing when it is not known. */
  named: string;
}

const DOCTOR = 'Run "npx parley doctor" to see what is wrong';

const WORDS: Record<ErrorCode, (circumstances: Circumstances) => ErrorWords> = {
  'child-start-timeout': ({ actor }) => ({
    title: `${actor} is taking too long to start.`,
    nextStep: `It is tried again. If it stays like this, close other large programs or choose a smaller model.`,
  }),
  'child-exited': ({ actor }) => ({
    title: `${actor} stopped unexpectedly.`,
    nextStep: 'It is being restarted. Say or type that again.',
  }),
  'child-unresponsive': ({ actor }) => ({
    title: `${actor} does not react any more.`,
    nextStep: 'It is being restarted. Say or type that again.',
  }),
  'child-gave-up': ({ actor }) => ({
    title: `${actor} stopped several times and is now off.`,
    nextStep: `Restart Parley. ${DOCTOR} if it happens again.`,
  }),
  'call-timeout': ({ actor }) => ({
    title: `${actor} took too long and was stopped.`,
    nextStep: 'Try again. If it happens often, choose a smaller model.',
  }),
  cancelled: ({ actor }) => ({
    title: `${actor} was stopped before it was done.`,
    nextStep: 'Nothing is wrong. Say or type it again if you still want an answer.',
  }),
  'bad-input': ({ actor, named }) => ({
    title: `${actor} was given something that it cannot use${named}.`,
    nextStep: 'Try again with something else.',
  }),
  'bad-command': ({ named }) => ({
    title: `The window asked for something that Parley does not know${named}.`,
    nextStep: 'Reload the window.',
  }),
  'contract-mismatch': () => ({
    title: 'This window belongs to another version of Parley.',
    nextStep: 'Reload the window. If that does not help, close it and start Parley again.',
  }),
  'not-authorised': () => ({
    title: 'This browser may not use this Parley yet.',
    nextStep: 'Run "npx parley open", or open the address that Parley printed when it started.',
  }),
  'unknown-device': ({ named }) => ({
    title: `The chosen sound device is not there${named}.`,
    nextStep: 'Plug it in again, or choose another one in the device list.',
  }),
  'no-device': () => ({
    title: 'No microphone or loudspeaker was found.',
    nextStep: 'Connect one and choose it in the device list. Until then you can type.',
  }),
  'device-lost': ({ named }) => ({
    title: `The sound device went away${named}.`,
    nextStep: 'Plug it in again, or choose another one in the device list. Parley keeps trying.',
  }),
  'microphone-blocked': ({ named }) => ({
    title: `The microphone gives nothing but silence${named}.`,
    nextStep: 'Allow microphone access for Parley in the system’s privacy settings, and check its mute switch.',
  }),
  'audio-file-bad': ({ named }) => ({
    title: `The sound file cannot be read${named}.`,
    nextStep: 'Use an uncompressed WAV file (PCM or float).',
  }),
  'model-missing': ({ named }) => ({
    title: `A model is not installed${named}.`,
    nextStep: 'Install it (view Models, or "npx parley models install"), or choose another one.',
  }),
  'model-corrupt': ({ named }) => ({
    title: `A model’s files are damaged${named}.`,
    nextStep:
      'Install it again with "npx parley models install": only the damaged files are fetched. A file of your own, get anew from where it came.',
  }),
  'model-unknown': ({ named }) => ({
    title: `There is no such model in the catalogue${named}.`,
    nextStep: 'Run "npx parley models list" to see what there is.',
  }),
  'model-unsupported': ({ named }) => ({
    title: `That is a kind of model that Parley cannot use${named}.`,
    nextStep: 'Voices must be Piper voices for American English, language models GGUF files with a chat template.',
  }),
  'model-source-failed': ({ named }) => ({
    title: `A model could not be downloaded${named}.`,
    nextStep: 'Check the internet connection and start again; the download goes on where it stopped.',
  }),
  'engine-failed': ({ actor, named }) => ({
    title: `${actor} failed${named}.`,
    nextStep: `Try again. ${DOCTOR} if it happens every time.`,
  }),
  'disk-full': ({ named }) => ({
    title: `There is not enough room on the disk${named}.`,
    nextStep: 'Free some space and try again. "npx parley models remove" removes models that you do not use.',
  }),
  'prompt-too-long': () => ({
    title: 'This is more than the language model can read at once.',
    nextStep: 'Ask in fewer words, or start a new conversation.',
  }),
  'endpoint-unreachable': ({ named }) => ({
    title: `The language model’s server cannot be reached${named}.`,
    nextStep: 'Check that it runs and that its address in the settings is right.',
  }),
  'endpoint-refused': ({ named }) => ({
    title: `The language model’s server refused the request${named}.`,
    nextStep: 'Check the key and the name of the model in the settings.',
  }),
  'endpoint-rate-limited': ({ named }) => ({
    title: `The language model’s server wants fewer requests${named}.`,
    nextStep: 'Wait a minute and try again, or use a model on this machine.',
  }),
  'queue-closed': ({ actor }) => ({
    title: `${actor} was shut down in the middle of its work.`,
    nextStep: 'Try again. If Parley is quitting, nothing is wrong.',
  }),
  'port-in-use': ({ named }) => ({
    title: `Other programs use the ports that Parley could serve its window on${named}.`,
    nextStep: 'Choose another one, for example "npm start -- --port 0" for any that is free.',
  }),
  'not-built': () => ({
    title: 'The files of the window are not there.',
    nextStep: 'Run "npm run setup", or "npm start", which makes them when it is needed.',
  }),
  'not-running': () => ({
    title: 'Parley is not running.',
    nextStep: 'Start it with "npm start".',
  }),
  'replies-file-bad': ({ named }) => ({
    title: `Your own replies cannot be used${named}.`,
    nextStep:
      'Mend replies.json in the data folder, or import another file under Replies. The file was left as it is; until then the replies that come with Parley are used.',
  }),
  'evaluation-runs': () => ({
    title: 'A comparison is under way, and the conversation waits for it.',
    nextStep: 'Wait until it is done, or stop it in the view Compare.',
  }),
  'nothing-heard': () => ({
    title: 'Nobody was heard in the recording.',
    nextStep: 'Look whether the level moves when you speak, and record again.',
  }),
  'microphone-muted': () => ({
    title: 'The microphone is muted.',
    nextStep: 'Turn it on and record again.',
  }),
  internal: ({ actor }) => ({
    title: `${actor} made a mistake that it should not have made.`,
    nextStep: `Try again. ${DOCTOR} if it happens every time; the log file has the particulars.`,
  }),
};

/** What a user reads about an error. The code and stage choose the words; `detail` is put in; the engineers' `message` is not shown. */
export function wordsFor(error: SerialisedError): ErrorWords {
  const detail = error.detail?.trim() || undefined;
  const actor = ACTOR[error.stage];
  return WORDS[error.code]({ actor, named: detail === undefined ? '' : ` (${detail})` });
}

/** A problem to show. Its id says what is wrong with what, so that the same trouble coming again replaces the entry rather than adding one. */
export function problemOf(error: SerialisedError): Problem {
  const { code, stage, message, retryable, detail } = error;
  return {
    id: detail === undefined ? `${stage}:${code}` : `${stage}:${code}:${detail}`,
    error: { code, stage, message, retryable, ...(detail === undefined ? {} : { detail }) },
    ...wordsFor(error),
  };
}
