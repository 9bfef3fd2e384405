const YES =
  /^(?:(?:yes|yeah|yep|sure|okay|ok|please|please do|do it|do that|go ahead|you may|you can|of course|go on|fine|thanks|thank you|right)(?: |$))+$/;

/** Is that a yes and nothing else? "Yes but not now" is not. */
export function isPlainYes(text: string): boolean {
  const words = text
    .toLowerCase()
    .replace(/[^a-z ]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return YES.test(words);
}
