import type { AnswerEffect } from '../../ports/responder.ts';
import type { SkillStore } from '../../ports/skill-store.ts';

/** What skills that keep things need. */
export interface Keeping {
  store: SkillStore;
  newId(): string;
}

/** Puts things now and takes them away when the user turns out to have gone on, or the other way round. */
export function reversible<T>(things: readonly T[], forth: (thing: T) => void, back: (thing: T) => void): AnswerEffect {
  return {
    apply: () => {
      for (const thing of things) forth(thing);
      return () => {
        for (const thing of things) back(thing);
      };
    },
  };
}

export const CANCEL =
  '(?:cancel|stop|delete|remove|kill|clear|turn off|switch off|shut off|end|get rid of|dismiss|silence|unset|disable|drop|scrap|turn the|quit)';
export const YES =
  /^(?:yes|yeah|yep|sure|yes please|please do|do it|of course|okay|go ahead|yup|yes delete them|yes do it|right|correct|yes i am sure|i am sure|absolutely|definitely)$/;
export const NO =
  /^(?:no|nope|nah|no thanks|no thank you|do not|no do not|never mind|cancel|stop|better not|keep them|no keep them|forget it)$/;
