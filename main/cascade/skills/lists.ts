import type { ListItem } from '../../ports/skill-store.ts';
import { NO, reversible, YES, type Keeping } from './keeping.ts';
import { firstMatch, type Skill, type SkillAnswer } from './skill.ts';
import { counted, spokenList } from './spoken-lists.ts';

const NAME = String.raw`(?<name>(?!the |my |our |a |an |that )[a-z]+(?: do| [a-z]+)?)`;
const OWN = '(?:(?:the|my|our|a) )?';
const ADD = new RegExp(
  `^(?:add|put|write|include|stick|get) (?<items>.+?) (?:to|on|onto|in|into|down on) ${OWN}(?:${NAME} )?list$`,
);
const ADD_WITHOUT = new RegExp(
  `^(?:add|put|write) (?:(?:something|some things?|things|an item|items|a thing|more)(?: else)? )?(?:to|on|onto) ${OWN}(?:${NAME} )?list$`,
);
const READ = new RegExp(
  `^(?:what(?: is| are| do i have| have i got)(?: all)?(?: the items| the things)?(?: on| in)? ${OWN}(?:${NAME} )?list(?: say)?|(?:read|show|check|tell|give|list)(?: me)?(?: back)?(?: what is on| everything on| the items on)? ${OWN}(?:${NAME} )?list(?: to me| back to me)?|what do i (?:need|have) to (?<buy>buy|get)(?: at the store)?)$`,
);
const REMOVE = new RegExp(
  `^(?:take|remove|delete|cross|scratch|strike|check|erase|tick) (?<items>.+?) (?:off|from|off of|out of|off from) ${OWN}(?:${NAME} )?list$`,
);
const CLEAR = new RegExp(
  `^(?:clear|empty|delete|erase|reset|wipe)(?: everything on| everything from| all of)? ${OWN}(?:${NAME} )?list$`,
);
const IS_ON = new RegExp(`^(?:is|are|do i have) (?<items>.+?) (?:already )?on ${OWN}(?:${NAME} )?list(?: already)?$`);

export function listSkill({ store, newId }: Keeping): Skill {
  const find = (list: string, text: string): ListItem[] => store.items(list).filter((item) => isSame(item.text, text));

  function add(list: string, texts: readonly string[]): SkillAnswer {
    const fresh = texts.filter((text) => find(list, text).length === 0);
    const items = fresh.map((text): ListItem => ({ id: newId(), list, text }));
    const on = `on your ${list} list`;
    if (items.length === 0)
      return { text: `${capitalised(spokenList(texts))} ${texts.length === 1 ? 'is' : 'are'} already ${on}.` };
    return {
      text: `I put ${spokenList(fresh)} ${on}.`,
      effect: reversible(
        items,
        (item) => store.putItem(item),
        (item) => store.removeItem(item.id),
      ),
    };
  }

  function askWhat(list: string): SkillAnswer {
    return {
      text: `What should I put on your ${list} list?`,
      followUp: ({ forms, raw }) => {
        if (firstMatch(forms, NO)) return { text: 'Okay, I left it as it is.' };
        const items = itemsOf(forms.at(-1)!.replace(/^(?:add|put|write) /, ''), raw);
        return items.length === 0 ? null : add(list, items);
      },
    };
  }

  function read(list: string): SkillAnswer {
    const items = store.items(list).map(({ text }) => text);
    if (items.length === 0) return { text: `Your ${list} list is empty.` };
    return { text: `On your ${list} list: ${spokenList(items)}.` };
  }

  function remove(list: string, texts: readonly string[]): SkillAnswer {
    const items = texts.flatMap((text) => find(list, text));
    if (items.length === 0)
      return {
        text: `${capitalised(spokenList(texts))} ${texts.length === 1 ? 'is' : 'are'} not on your ${list} list.`,
      };
    return {
      text: `I took ${spokenList(items.map(({ text }) => text))} off your ${list} list.`,
      effect: reversible(
        items,
        (item) => store.removeItem(item.id),
        (item) => store.putItem(item),
      ),
    };
  }

  function clear(list: string): SkillAnswer {
    const items = store.items(list);
    if (items.length === 0) return { text: `Your ${list} list is empty.` };
    return {
      text: `Clear your ${list} list with ${counted(items.length, 'item')}?`,
      followUp: ({ forms }) => {
        if (firstMatch(forms, NO)) return { text: 'Okay, I kept it.' };
        if (!firstMatch(forms, YES)) return null;
        const effect = reversible(
          items,
          (item) => store.removeItem(item.id),
          (item) => store.putItem(item),
        );
        return { text: `Your ${list} list is empty now.`, effect };
      },
    };
  }

  return {
    name: 'list',
    sentences: [
      'Okay, I kept it.',
      'Okay, I left it as it is.',
      'Your shopping list is empty.',
      'Your to-do list is empty.',
    ],
    answer({ forms, raw }) {
      if (!/\blist$|to (?:buy|get)\b/.test(forms.at(-1)!) && !/\blist\b/.test(forms[0]!)) return null;
      const listOf = (match: RegExpExecArray): string =>
        canonicalName(match.groups!.name ?? (match.groups!.buy ? 'shopping' : only(store.lists())));
      const open = firstMatch(forms, ADD_WITHOUT);
      if (open) return askWhat(listOf(open));
      const added = firstMatch(forms, ADD);
      if (added) return add(listOf(added), itemsOf(added.groups!.items!, raw));
      const removed = firstMatch(forms, REMOVE);
      if (removed) return remove(listOf(removed), itemsOf(removed.groups!.items!, raw));
      const readAloud = firstMatch(forms, READ);
      if (readAloud) return read(listOf(readAloud));
      const cleared = firstMatch(forms, CLEAR);
      if (cleared) return clear(listOf(cleared));
      const isOn = firstMatch(forms, IS_ON);
      if (!isOn) return null;
      const found = itemsOf(isOn.groups!.items!, raw).every((text) => find(listOf(isOn), text).length > 0);
      return { text: found ? `Yes, it's on your ${listOf(isOn)} list.` : `No, it's not on your ${listOf(isOn)} list.` };
    },
  };
}

/** Commas are gone from the normalised words; they say where an item ends. */
function itemsOf(words: string, raw: string): string[] {
  const commaWords = raw
    .toLowerCase()
    .split(',')
    .slice(0, -1)
    .map((part) => part.trim().split(/\s+/).at(-1));
  const marked = words
    .split(' ')
    .map((word) => (commaWords.includes(word) ? `${word},` : word))
    .join(' ');
  return marked
    .split(/,(?: and)? ?| and | plus /)
    .map((item) => item.replace(/^(?:some|the|a|an|more|also|my) /, '').trim())
    .filter((item) => item !== '');
}

function canonicalName(name: string): string {
  if (/^(?:grocery|groceries|shopping|food|supermarket|store)$/.test(name)) return 'shopping';
  if (/^(?:to ?do|todo|task|tasks|do)$/.test(name)) return 'to-do';
  return name;
}

/** A list without a name is the only one there is, or the one most people mean. */
function only(lists: readonly string[]): string {
  return lists.length === 1 ? lists[0]! : 'shopping';
}

function isSame(one: string, other: string): boolean {
  const singular = (text: string): string => text.replace(/(?:es|s)$/, '');
  return one === other || singular(one) === singular(other);
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
