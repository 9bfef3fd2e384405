/** On these days of the week (1 is Monday), at this time of day where the user is. */
export interface AlarmRepeat {
  days: readonly number[];
  hour: number;
  minute: number;
}

export interface Alarm {
  id: string;
  kind: 'timer' | 'alarm' | 'reminder';
  /** Milliseconds since 1970 UTC. */
  dueMs: number;
  /** What it is for: "pasta", "call mom"; "" when it has no name. */
  label: string;
  /** How long a timer was set for. */
  durationMs: number | null;
  /** Absent: it rings once. */
  repeat?: AlarmRepeat | null;
}

export interface Note {
  id: string;
  text: string;
  createdMs: number;
}

export interface ListItem {
  id: string;
  /** "shopping", "to do". */
  list: string;
  text: string;
}

/**
 * What skills keep for the user, over restarts. Ids are given by the caller, so that putting a thing back after it was removed is the same as
 * putting it in the first place. Each call is done when it returns. Throws `disk-full` or `internal`.
 */
export interface SkillStore {
  /** The soonest first. */
  alarms(): Alarm[];
  putAlarm(alarm: Alarm): void;
  removeAlarm(id: string): void;
  /** The oldest first, as all below. */
  notes(): Note[];
  putNote(note: Note): void;
  removeNote(id: string): void;
  items(list: string): ListItem[];
  /** Names of the lists that have items. */
  lists(): string[];
  putItem(item: ListItem): void;
  removeItem(id: string): void;
  /** Called after alarms were put or removed. */
  onAlarmsChanged(listener: () => void): () => void;
  close(): void;
}
