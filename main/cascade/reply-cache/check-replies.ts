import type { Intent, IntentTable, ReplyIssue } from '../../contract/replies.ts';
import { clausesOf } from '../responder-chain.ts';
import { MIN_FUZZY_WORDS } from './fuzzy-matcher.ts';
import { withOwnIntents } from './intent-table.ts';
import { PhraseTemplate, TemplateError, templatesPattern } from './phrase-template.ts';

interface Checked {
  intent: Intent;
  phrases: readonly string[];
  pattern: RegExp;
}

/**
 * What is wrong with a user's own table (a `problem`: it cannot be used), and what they should know about it (a `remark`). A phrase that two of
 * their own have is a problem. One that a shipped intent has as well is a remark: theirs comes first, and an update of Parley that brings
 * new phrases must not turn a good file into a bad one.
 */
export function checkReplies(own: IntentTable, shipped: IntentTable): ReplyIssue[] {
  const issues: ReplyIssue[] = [];
  const all = withOwnIntents(shipped, { ...own, off: [] }).intents;
  const known = new Set([...all, ...shipped.intents].map(({ id }) => id));
  const seen = new Set<string>();
  const checked: Checked[] = [];
  for (const intent of own.intents) {
    if (seen.has(intent.id)) issues.push(problem(intent, 'There are two intents of this name.'));
    seen.add(intent.id);
    issues.push(...answerIssues(intent), ...conditionIssues(intent, known));
    const { templates, issues: phraseIssues } = readPhrases(intent);
    issues.push(...phraseIssues);
    checked.push(prepared(intent, templates));
  }
  for (const id of own.off ?? [])
    if (!known.has(id)) issues.push({ kind: 'remark', intentId: id, words: 'It is switched off, but there is none.' });
  const others = shipped.intents.filter(({ id }) => !seen.has(id) && !own.off?.includes(id));
  const shippedChecked = others.map((intent) => prepared(intent, readPhrases(intent).templates));
  return [...issues, ...conflicts(checked, shippedChecked)];
}

function problem({ id }: Intent, words: string): ReplyIssue {
  return { kind: 'problem', intentId: id, words };
}

function prepared(intent: Intent, templates: readonly PhraseTemplate[]): Checked {
  const phrases = templates.flatMap((template) => template.corePhrases());
  return { intent, phrases, pattern: templatesPattern(templates) };
}

function readPhrases(intent: Intent): { templates: PhraseTemplate[]; issues: ReplyIssue[] } {
  const templates: PhraseTemplate[] = [];
  const issues: ReplyIssue[] = [];
  for (const phrase of intent.phrases) {
    try {
      const template = new PhraseTemplate(phrase);
      const cores = template.corePhrases();
      templates.push(template);
      if (cores.length === 0 || templatesPattern([template]).test(''))
        issues.push(
          problem(intent, `"${phrase}" would fit when nothing is said: something in it must not be optional.`),
        );
      const short = intent.fuzzy ? cores.find((core) => core.split(' ').length < MIN_FUZZY_WORDS) : undefined;
      if (short !== undefined)
        issues.push(
          problem(
            intent,
            `"${short}" is too short to be matched by likeness: a phrase needs ${MIN_FUZZY_WORDS} words for that. Switch likeness off, or make it longer.`,
          ),
        );
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      issues.push(problem(intent, `${error.message}.`));
    }
  }
  return { templates, issues };
}

function answerIssues(intent: Intent): ReplyIssue[] {
  return intent.answers
    .filter((answer) => clausesOf(answer).length === 0)
    .map((answer) => problem(intent, `The answer "${answer}" has nothing in it that can be spoken.`));
}

function conditionIssues(intent: Intent, known: ReadonlySet<string>): ReplyIssue[] {
  const missing = intent.when?.after?.filter((id) => !known.has(id)) ?? [];
  return missing.map((id) => problem(intent, `It is to follow "${id}", but there is no such intent.`));
}

/** The first phrase of each pair of intents that both would answer, where the later one could never. */
function conflicts(own: readonly Checked[], shipped: readonly Checked[]): ReplyIssue[] {
  const issues: ReplyIssue[] = [];
  for (const [at, one] of own.entries()) {
    for (const later of own.slice(at + 1)) {
      const phrase = covers(one.intent, later.intent) ? common(one, later) : undefined;
      if (phrase !== undefined)
        issues.push(problem(later.intent, `"${phrase}" is already a phrase of "${one.intent.id}", which comes first.`));
    }
    for (const other of shipped) {
      const phrase = covers(one.intent, other.intent) ? common(one, other) : undefined;
      if (phrase !== undefined)
        issues.push({
          kind: 'remark',
          intentId: one.intent.id,
          words: `"${phrase}" is a phrase of "${other.intent.id}" too, which comes with Parley; this one answers it from now on.`,
        });
    }
  }
  return issues;
}

/** Whether the first is open whenever the second is. */
function covers({ when: first }: Intent, { when: second }: Intent): boolean {
  if (first?.asked !== undefined && first.asked !== second?.asked) return false;
  if (first?.without !== undefined && first.without !== second?.without) return false;
  return !first?.after || (second?.after?.every((id) => first.after!.includes(id)) ?? false);
}

function common(one: Checked, other: Checked): string | undefined {
  return (
    one.phrases.find((phrase) => other.pattern.test(phrase)) ?? other.phrases.find((each) => one.pattern.test(each))
  );
}
