import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** Matches the end of the text only, whatever the engine's flags. */
const END = '$';
/** Nested groups double the pattern at every level. */
const MAX_CHARS = 60_000;

/**
 * The expression of everything that could still become a match of `pattern`: it matches from a place to the end of the text when more text
 * might begin, complete or change a match there. "abc" gives `(?:$|a(?:$|b(?:$)))`. Throws a SyntaxError when the pattern cannot be read.
 */
export function partialPattern(pattern: string): string {
  const { alternatives } = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: true });
  const partial = anyOf(alternatives.map(({ elements }) => beginningOf(elements)));
  if (partial === null) throw new SyntaxError('the expression matches nothing');
  if (partial.length > MAX_CHARS) throw new SyntaxError('the expression is nested too deeply');
  return partial;
}

/** Null when the sequence is decided by what is there already. */
function beginningOf(elements: readonly AST.Element[]): string | null {
  const [first, ...rest] = elements;
  if (!first) return null;
  const later = beginningOf(rest);
  return anyOf([insideOf(first), later === null ? null : first.raw + later]);
}

/** The text ends inside this element. */
function insideOf(element: AST.Element): string | null {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return anyOf(element.alternatives.map((alternative) => beginningOf(alternative.elements)));
    case 'Quantifier':
      return insideOfRepeated(element);
    case 'Assertion':
      // What lies behind is known; what lies ahead is not.
      return element.kind === 'lookbehind' || element.kind === 'start' ? null : END;
    case 'Backreference':
      throw new SyntaxError('back-references are not supported');
    default:
      return END;
  }
}

function insideOfRepeated({ element, max }: AST.Quantifier): string | null {
  const inside = insideOf(element);
  if (inside === null || max === 0) return null;
  const before = max === Infinity ? `(?:${element.raw})*` : `(?:${element.raw}){0,${max - 1}}`;
  return before + inside;
}

function anyOf(options: readonly (string | null)[]): string | null {
  const possible = options.filter((option) => option !== null);
  return possible.length === 0 ? null : `(?:${possible.join('|')})`;
}
