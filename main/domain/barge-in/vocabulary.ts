/** Words of a listener who leaves the floor to the speaker, as recognisers spell them. */
const BACKCHANNELS = new Set(
  // "Mama" and "well" are what a small recogniser makes of "mm-hm" and "wow".
  (
    'mm mmm hm hmm hmmm mama well mhm mmhm mhmm mmhmm uh huh uhhuh um ah aha oh ooh wow yeah yep yes yea ya right okay ok sure ' +
    'i see got it exactly totally absolutely indeed cool nice great good interesting really true alright ha haha hahaha huh eh er'
  ).split(' '),
);

/** Those of them that are no words: nobody answers with them, even when there is nothing to nod to. */
const HUMS = new Set(
  'mm mmm hm hmm hmmm mama mhm mmhm mhmm mmhmm uh huh uhhuh um ah aha oh ooh ha haha hahaha eh er'.split(' '),
);

/** First words that ask for the floor at once. */
const FLOOR_REQUESTS = [
  'stop', 'wait', 'hold on', 'hang on', 'no', 'nope', 'pause', 'quiet', 'silence', 'shut up', 'be quiet', 'enough', 'cancel',
  'never mind', 'nevermind', 'excuse me', 'sorry', 'actually', 'but', 'hey', 'listen', 'one second', 'one moment', 'just a',
  'okay stop', 'ok stop', 'okay wait', 'please stop', 'that is not', "that's not", 'i meant', 'not that', 'skip',
]; // prettier-ignore

/** Lower-case words without punctuation; "mm-hm" is one word. */
export function bareWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[‐-―-]/g, '')
    .replace(/[^\p{L}\p{N}' ]+/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** True when every word only says "I am listening". False for no words at all. */
export function isBackchannel(words: string[]): boolean {
  return words.length > 0 && words.length <= 4 && words.every((word) => BACKCHANNELS.has(word));
}

/** True when nothing but hums was heard. False for no words at all. */
export function isHum(words: string[]): boolean {
  return words.length > 0 && words.every((word) => HUMS.has(word));
}

/** True when the speaker begins by asking for the floor: "stop", "wait", "no, I meant …". */
export function asksForFloor(words: string[]): boolean {
  const opening = `${words.slice(0, 3).join(' ')} `;
  return FLOOR_REQUESTS.some((phrase) => opening.startsWith(`${phrase} `));
}

/** Requests that are fulfilled by silence. */
const STOP_PHRASES = ['stop', 'wait', 'hold on', 'hang on', 'pause', 'quiet', 'silence', 'shut up', 'enough', 'never mind', 'nevermind', 'cancel', 'one second', 'one moment', 'just a second', 'just a moment', 'just a minute']; // prettier-ignore
const AROUND_STOP = new Set('stop wait hold hang on pause quiet silence shut up enough never mind nevermind cancel a one second moment minute sec just please okay ok no oh be it that talking now hey parley thanks thank you'.split(' ')); // prettier-ignore

/** True when the speaker begins with "stop", "wait" or the like. */
export function asksForSilence(words: string[]): boolean {
  const opening = `${words.slice(0, 3).join(' ')} `;
  return STOP_PHRASES.some((phrase) => opening.startsWith(`${phrase} `));
}

/** True when nothing is asked for but silence: "stop", "hold on a second", "okay, stop please". An answer to it would be one too many. */
export function onlyAsksForSilence(words: string[]): boolean {
  const text = ` ${words.join(' ')} `;
  return words.every((word) => AROUND_STOP.has(word)) && STOP_PHRASES.some((phrase) => text.includes(` ${phrase} `));
}
