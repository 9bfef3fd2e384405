import type { Note } from '../../ports/skill-store.ts';
import { NO, reversible, YES, type Keeping } from './keeping.ts';
import { firstMatch, type Skill, type SkillAnswer, type SkillRequest } from './skill.ts';

const TAKE =
  /^(?!take note of)(?:(?:take|make|write|add|create|save|leave|start|record)(?: me)?(?: an?| down an?| a new| a quick)* note(?: down)?|(?:jot|write|note|put) (?:this |that |it )?down|note(?: to self)?|new note|write (?:this|that) down|remember(?: this)?(?= that| the| my| i ))(?: (?:that|to say|saying|which says|of|about|to))?(?: (?<text>.+))?$/;
const READ =
  /^(?:(?:read|show|list|tell|what are|give|check|play)(?: me)?(?: back)?(?: all)?(?: the| my| of my)* notes(?: to me| back| back to me)?|what notes(?: do i have| are there| have i taken| did i take)?|do i have(?: any)? notes|what did i (?:note|write down|note down|tell you to (?:note|remember|write down))|my notes)$/;
const READ_LAST =
  /^(?:(?:read|show|tell|what is|what was)(?: me)?(?: back)? (?:the|my) (?:last|latest|most recent) note|what was my last note)$/;
const DELETE_LAST =
  /^(?:delete|remove|erase|cancel|throw away|discard|scratch) (?:that|the last|my last|the latest|this|the) note$/;
const DELETE_ALL = /^(?:delete|remove|erase|clear|throw away)(?: all)?(?: of)?(?: the| my)? notes$/;
const DELETE_ONE =
  /^(?:delete|remove|erase|throw away|discard) (?:the|my|that) note (?:about|on|that says|saying|with) (?<what>.+)$/;
const ASK = 'What should I write down?';
/** Longer readings bore: the newest are read. */
const MOST_READ = 5;

export function noteSkill({ store, newId }: Keeping): Skill {
  function take(request: SkillRequest, text: string): SkillAnswer {
    const note: Note = { id: newId(), text, createdMs: request.now.epochMilliseconds };
    return {
      text: 'Noted.',
      effect: reversible(
        [note],
        (each) => store.putNote(each),
        (each) => store.removeNote(each.id),
      ),
    };
  }

  function removal(notes: readonly Note[], text: string): SkillAnswer {
    return {
      text,
      effect: reversible(
        notes,
        (each) => store.removeNote(each.id),
        (each) => store.putNote(each),
      ),
    };
  }

  function read(notes: readonly Note[]): SkillAnswer {
    if (notes.length === 0) return { text: 'You have no notes.' };
    const newest = notes.slice(-MOST_READ).map(({ text }) => sentence(text));
    if (notes.length === 1) return { text: `Your note says: ${newest[0]!}` };
    const opening =
      notes.length > MOST_READ ? `Your last ${MOST_READ} of ${notes.length} notes` : `Your ${notes.length} notes`;
    return { text: `${opening}: ${newest.join(' ')}` };
  }

  function removeOne(found: readonly Note[]): SkillAnswer {
    if (found.length === 0) return { text: 'There is no such note.' };
    if (found.length > 1) return { text: `${found.length} notes have these words. Say more of the one to delete.` };
    return removal(found, 'Deleted.');
  }

  function removeAll(notes: readonly Note[]): SkillAnswer {
    if (notes.length === 0) return { text: 'You have no notes.' };
    const text = notes.length === 1 ? 'Delete your note?' : `Delete all ${notes.length} notes?`;
    return {
      text,
      followUp: ({ forms }) => {
        if (firstMatch(forms, YES)) return removal(notes, 'Deleted.');
        return firstMatch(forms, NO) ? { text: 'Okay, I kept them.' } : null;
      },
    };
  }

  return {
    name: 'note',
    sentences: [ASK, 'Noted.', 'You have no notes.', 'Deleted.', 'Okay, I kept them.', 'There is no such note.'],
    answer(request) {
      const { forms } = request;
      if (!/\bnotes?\b|\bdown\b|remember/.test(forms[0]!)) return null;
      const notes = store.notes();
      if (firstMatch(forms, READ)) return read(notes);
      if (firstMatch(forms, READ_LAST)) return read(notes.slice(-1));
      if (firstMatch(forms, DELETE_ALL)) return removeAll(notes);
      if (firstMatch(forms, DELETE_LAST)) {
        return notes.length === 0 ? { text: 'You have no notes.' } : removal(notes.slice(-1), 'Deleted.');
      }
      const what = firstMatch(forms, DELETE_ONE)?.groups!.what;
      if (what !== undefined)
        return removeOne(notes.filter(({ text }) => text.includes(what.replace(/^(?:the|my) /, ''))));
      const found = firstMatch(forms, TAKE);
      if (!found) return null;
      const text = found.groups!.text;
      if (text !== undefined)
        return /^(?:remember)/.test(found[0]) && /\?\s*$/.test(request.raw) ? null : take(request, text);
      if (/^(?:write|put|remember|note$)/.test(found[0]) && !/note|this|that/.test(found[0])) return null;
      return { text: ASK, followUp: (next) => (firstMatch(next.forms, NO) ? null : take(next, next.text)) };
    },
  };
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
