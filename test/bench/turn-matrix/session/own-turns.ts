import { wordErrors } from '../../../../main/lib/word-error-rate.ts';
import type { Span } from '../../../../main/evaluation/sound/sound.ts';
import { msOf, type SeenLine } from './matrix-session.ts';

/** What the app itself told of one turn. */
export interface OwnTurn {
  /** How often it declared the turn over while the user was still speaking. */
  endsInsideSpeech: number;
  /** Last speech sample → the turn is declared over; null: it never was, after the user's end. */
  endpointDelayMs: number | null;
  /** Final words of all that it took for turns, in order. */
  text: string;
  wordErrors: number | null;
  referenceWords: number;
}

/** From the lines of a window between the start of a clip and the next one. */
export function ownTurn(options: {
  seen: readonly SeenLine[];
  speech: Span;
  nextSample: number;
  reference: string | null;
}): OwnTurn {
  const { seen, speech, nextSample, reference } = options;
  const finals = seen.flatMap(({ at, line }) =>
    at >= speech.from && at < nextSample && line.role === 'user' && line.source === 'voice' && line.status === 'final'
      ? [{ at, line }]
      : [],
  );
  const texts = new Map(finals.map(({ line }) => [line.id, line.text]));
  const end = finals.find(({ at }) => at >= speech.to);
  const text = [...texts.values()].join(' ');
  const errors = reference === null ? null : wordErrors(withoutFillers(reference), withoutFillers(text));
  return {
    endsInsideSpeech: finals.filter(({ at }) => at < speech.to).length,
    endpointDelayMs: end ? msOf(end.at - speech.to) : null,
    text,
    wordErrors: errors?.errors ?? null,
    referenceWords: errors?.referenceWords ?? 0,
  };
}

/** Recognisers write them in as many ways as there are, or leave them out. */
function withoutFillers(text: string): string {
  return text.replaceAll(/\b(um+|uh+|uhm|er|erm|hmm+)\b/giu, '');
}
