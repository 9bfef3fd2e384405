/** One written word, or one punctuation mark, of a sentence. */
export interface SentencePart {
  kind: 'word' | 'punctuation';
  /** With straight apostrophes; `punctuation` in the alphabet of the voice ("—" for any dash). */
  text: string;
  /** Parts of a hyphenated word in order; one for any other. */
  pieces: string[];
  spaceAfter: boolean;
}

const DOTTED = String.raw`(?:\p{L}\.){2,}`;
const WORD = String.raw`['’]?[\p{L}\p{M}]+(?:['’\-‑][\p{L}\p{M}]+)*['’]?`;
const SCANNER = new RegExp(`(?<word>${DOTTED}|${WORD}|\\d|\\p{Co})|(?<mark>\\.{2,}|-{2,}|[^\\s])`, 'gu');
const MARKS: Readonly<Record<string, string>> = { '–': '—', '―': '—', '-': '—', '‐': '—' };
/** Quotation marks are left out: whether a straight one opens or closes is a guess, and the voice reads the same without. */
const KNOWN_MARKS = new Set(';:,.!?—…()');

/** Takes a sentence apart into words and the punctuation that the voice can read; other symbols are dropped. */
export function sentenceParts(sentence: string): SentencePart[] {
  const text = sentence.normalize('NFKC').replace(/[’‘]/g, "'");
  const parts: SentencePart[] = [];
  for (const match of text.matchAll(SCANNER)) {
    const end = match.index + match[0].length;
    const spaceAfter = end < text.length && /\s/.test(text[end]!);
    const spaceBefore = match.index === 0 || /\s/.test(text[match.index - 1]!);
    if (match.groups?.['word'] !== undefined) parts.push(wordPart(match[0], spaceAfter));
    else {
      const mark = punctuationMark(match[0], { spaceBefore, spaceAfter });
      if (mark !== undefined) parts.push({ kind: 'punctuation', text: mark, pieces: [], spaceAfter });
      else if (spaceAfter && parts.length > 0) parts.at(-1)!.spaceAfter = true;
    }
  }
  return parts;
}

/** Hyphens, and the capitals inside names like SmartTurn and VoiceRun. */
const PIECE_BORDER = /[-‑]|(?<=\p{Ll})(?=\p{Lu}\p{Ll})/u;

function wordPart(raw: string, spaceAfter: boolean): SentencePart {
  // An apostrophe at the start is a quotation mark unless it stands for lost letters ('em, 'cause).
  const text = /^'(?!em|cause|til|bout|round)/i.test(raw) ? raw.slice(1) : raw;
  return { kind: 'word', text, pieces: text.split(PIECE_BORDER).filter((piece) => piece !== ''), spaceAfter };
}

function punctuationMark(raw: string, around: { spaceBefore: boolean; spaceAfter: boolean }): string | undefined {
  if (raw.length > 1) return raw.startsWith('.') ? '…' : '—';
  if ((raw === '-' || raw === '‐') && !(around.spaceBefore && around.spaceAfter)) return undefined;
  const mark = MARKS[raw] ?? raw;
  return KNOWN_MARKS.has(mark) ? mark : undefined;
}

const CONTRACTION = /^(.+?)(n't|'s|'re|'ve|'ll|'d|'m)$/i;

/** The pieces that a tagger sees for a word: "don't" is "do" + "n't", "well-known" is "well" + "-" + "known". */
export function taggerTokens(part: SentencePart): string[] {
  if (part.kind === 'punctuation') return [part.text === '…' ? '...' : part.text];
  const tokens: string[] = [];
  part.pieces.forEach((piece, i) => {
    if (i > 0) tokens.push('-');
    const contraction = CONTRACTION.exec(piece);
    if (contraction) tokens.push(contraction[1]!, contraction[2]!);
    else if (/[sS]'$/.test(piece)) tokens.push(piece.slice(0, -1), "'");
    else tokens.push(piece);
  });
  return tokens;
}
