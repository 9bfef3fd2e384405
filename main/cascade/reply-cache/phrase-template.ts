import { normalise } from '../utterance/normalise.ts';

/** Phrases that one template gives the fuzzy matcher at most. */
const MAX_CORE_PHRASES = 400;
/** Each choice is a fork in the pattern: hundreds of them in a row could take minutes to say no. */
const MAX_CHOICES = 32;

/** Where a template is not well-formed. */
export class TemplateError extends Error {
  /** Of the character that is wrong, counted from 1. */
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'TemplateError';
    this.column = column;
  }
}

/**
 * Phrases with choices: `(a|b)` is one of them, `[a|b]` one or none; they nest, and a bare `|` separates whole phrases.
 * "[hi |hello ]how are you[ today]" is six phrases. The notation is that of Home Assistant's sentence files. Words may be written as people
 * write them: they are normalised like what users say. Throws `TemplateError` on unbalanced brackets and on more
 * than 32 choices.
 */
export class PhraseTemplate {
  readonly pattern: string;
  readonly #choices: Node;

  constructor(template: string) {
    const reader = { text: template, at: 0, choices: 0 };
    this.#choices = readChoices(reader, undefined);
    this.pattern = patternOf(this.#choices);
  }

  /** The phrases without what is optional: what an utterance must be like to be like the template. Cut off after 400. */
  corePhrases(): string[] {
    const phrases = coreOf(this.#choices).map((phrase) => phrase.replace(/\s+/g, ' ').trim());
    return [...new Set(phrases)].filter((phrase) => phrase !== '');
  }
}

/** Matches when the whole of a normalised text is a phrase of one of the templates. */
export function templatesPattern(templates: readonly PhraseTemplate[]): RegExp {
  return new RegExp(`^(?:${templates.map(({ pattern }) => pattern).join('|')})$`);
}

/** Sequences to choose from, each of literals and of choices in it. */
interface Node {
  isOptional: boolean;
  sequences: (string | Node)[][];
}

interface Reader {
  text: string;
  at: number;
  choices: number;
}

function readChoices(reader: Reader, close: ')' | ']' | undefined): Node {
  const node: Node = { isOptional: close === ']', sequences: [[]] };
  for (;;) {
    const rest = reader.text.slice(reader.at);
    const literal = /^[^()[\]|]+/.exec(rest)?.[0];
    const sequence = node.sequences.at(-1)!;
    if (literal !== undefined) {
      sequence.push(normaliseInside(literal));
      reader.at += literal.length;
      continue;
    }
    const mark = rest[0];
    reader.at++;
    if ((mark === '(' || mark === '[') && ++reader.choices > MAX_CHOICES)
      throw new TemplateError(
        `"${reader.text}" has more than ${MAX_CHOICES} choices: make two phrases of it`,
        reader.at,
      );
    if (mark === '(') sequence.push(readChoices(reader, ')'));
    else if (mark === '[') sequence.push(readChoices(reader, ']'));
    else if (mark === '|') node.sequences.push([]);
    else if (mark === close) return node;
    else {
      const found = mark === undefined ? 'the end' : `"${mark}"`;
      const expected = close === undefined ? 'words' : `"${close}"`;
      const words = `"${reader.text}": ${found} where ${expected} should be, at character ${reader.at}`;
      throw new TemplateError(words, reader.at);
    }
  }
}

function normaliseInside(literal: string): string {
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(literal)!;
  return before + normalise(words) + after;
}

function patternOf({ isOptional, sequences }: Node): string {
  const parts = sequences.map((sequence) =>
    sequence.map((part) => (typeof part === 'string' ? literalPattern(part) : patternOf(part))).join(''),
  );
  return `(?:${parts.join('|')})${isOptional ? '?' : ''}`;
}

/** Templates may have a space too many or too few where a choice begins. */
function literalPattern(words: string): string {
  return words.replace(/[.*+?^${}\\]/g, String.raw`\$&`).replace(/ +/g, ' *');
}

function coreOf({ isOptional, sequences }: Node): string[] {
  if (isOptional) return [''];
  const all: string[] = [];
  for (const sequence of sequences) {
    let phrases = [''];
    for (const part of sequence) {
      const options = typeof part === 'string' ? [part] : coreOf(part);
      phrases = phrases.flatMap((phrase) => options.map((option) => phrase + option)).slice(0, MAX_CORE_PHRASES);
    }
    all.push(...phrases);
  }
  return all.slice(0, MAX_CORE_PHRASES);
}
