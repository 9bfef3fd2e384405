import type { ModelStage, ModelsState, ProfileName, ShownModel } from '../../main/contract/models.ts';

/** In the order of a turn. */
export const STAGES: readonly { stage: ModelStage; title: string; note: string }[] = [
  { stage: 'llm', title: 'Thinking', note: 'Writes the answers that neither the replies nor a skill give.' },
  { stage: 'asr', title: 'Recognition', note: 'Turns what you say into words.' },
  { stage: 'tts', title: 'Voice', note: 'Says the answers. Replies that are rendered ahead follow it.' },
  { stage: 'vad', title: 'Hearing speech', note: 'Tells speech from other sounds.' },
  { stage: 'turn', title: 'End of a turn', note: 'Tells by the sound whether you have finished.' },
];

export const PROFILE_WORDS: Record<ProfileName, { label: string; note: string }> = {
  starter: { label: 'Starter', note: 'What is installed. Quick; it makes mistakes and knows little.' },
  balanced: { label: 'Balanced', note: 'The ablest that still answers promptly here.' },
  best: { label: 'Best', note: 'The ablest that one can talk with here; it takes its time.' },
};

/** Decimal units, as download pages give them. */
export function sizeWords(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}

export function secondsWords(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** Languages by name, the first three of them. */
export function languageWords(tags: readonly string[]): string {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const shown = tags.slice(0, 3).map((tag) => names.of(tag) ?? tag);
  return tags.length > 3 ? `${shown.join(', ')} and ${tags.length - 3} more` : shown.join(', ');
}

/** Those in use first, then what is installed, then what could be, the smaller ones first. */
export function inOrder(models: readonly ShownModel[]): ShownModel[] {
  const rank = ({ isCurrent, state }: ShownModel): number => (isCurrent ? 0 : state === 'available' ? 2 : 1);
  return [...models].sort((a, b) => rank(a) - rank(b) || a.bytes - b.bytes);
}

/** How far an installation has come, for the eye and for a screen reader. */
export function installWords({ doneBytes, totalBytes, secondsLeft }: NonNullable<ModelsState['install']>): string {
  if (totalBytes === 0) return 'Looking for what is there already …';
  const left =
    secondsLeft === null
      ? ''
      : `, about ${secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s` : `${Math.ceil(secondsLeft / 60)} min`} left`;
  return `${sizeWords(doneBytes)} of ${sizeWords(totalBytes)}${left}`;
}
