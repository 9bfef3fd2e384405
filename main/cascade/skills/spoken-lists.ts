/** "a", "a and b", "a, b, and c". */
export function spokenList(items: readonly string[]): string {
  if (items.length < 3) return items.join(' and ');
  return `${items.slice(0, -1).join(', ')}, and ${items.at(-1)!}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "call my mom" → "call your mom": what the user said, said back to them. */
export function saidBack(text: string): string {
  return text.replace(/\b(my|mine|me|i am|i|myself)\b/g, (word) => TURNED[word]!);
}

const TURNED: Record<string, string> = {
  my: 'your',
  mine: 'yours',
  me: 'you',
  'i am': 'you are',
  i: 'you',
  myself: 'yourself',
};
