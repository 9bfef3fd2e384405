import { Temporal } from 'temporal-polyfill';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ReplyPiece } from '../../ports/responder.ts';
import type { Alarm, SkillStore } from '../../ports/skill-store.ts';
import type { Notice } from '../../ports/voice-architecture.ts';
import type { WallClock } from '../../ports/wall-clock.ts';
import { spokenPieces, type RenderedSpeech } from '../responder-chain.ts';
import { alarmChime } from './chime.ts';
import { spokenDuration } from './durations.ts';
import { spokenMoment } from './moments.ts';
import { nextOf } from './repeats.ts';
import { saidBack } from './spoken-lists.ts';

export interface AlarmClockOptions {
  store: SkillStore;
  wallClock: WallClock;
  clock: Clock;
  logger: Logger;
  /** Who says the words. Its rate is the chime's too: an answer has one rate. */
  voice: { readonly sampleRateHz: number };
  rendered?: RenderedSpeech | undefined;
  announce(notice: Notice): void;
}

/** The time of day may be set, and a laptop may sleep: it is looked at again at least this often. */
const LONGEST_WAIT_MS = 30_000;
/** Alarms and timers ring that often when nobody says anything, with a pause between. */
const RINGS = 3;
const RING_AGAIN_MS = 12_000;
/** After a failure (no voice, no loudspeaker) it is tried again, for as long as it takes. */
const RETRY_MS = 20_000;
/** Found later than this, it was missed while the program was off. */
const MISSED_AFTER_MS = 60_000;
/** A ringing alarm can still be spoken of ("stop the alarm") for a moment after the user has spoken. */
const FORGET_AFTER_MS = 5000;

interface Ringing {
  alarm: Alarm;
  rings: number;
  isMissed: boolean;
  isAcknowledged: boolean;
}

/**
 * Rings what is due, with a chime and words, as soon as nobody has the floor. An alarm is kept in the store until it has rung and the user has
 * spoken, or it has rung often enough: it survives a crash and a restart.
 */
export class AlarmClock {
  readonly #options: AlarmClockOptions;
  readonly #ringing = new Map<string, Ringing>();
  readonly #timers = new Set<() => void>();
  #cancelWake = (): void => {};
  #unsubscribe = (): void => {};
  #isClosed = false;

  constructor(options: AlarmClockOptions) {
    this.#options = options;
  }

  /** Rings what was missed, and waits for the rest. */
  start(): void {
    this.#unsubscribe = this.#options.store.onAlarmsChanged(() => this.#look());
    this.#look();
  }

  /** The user has said something: whatever rings was noticed. */
  acknowledge(): void {
    for (const ringing of this.#ringing.values()) this.#settle(ringing);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWake();
    this.#unsubscribe();
    for (const cancel of this.#timers) cancel();
  }

  #look(): void {
    if (this.#isClosed) return;
    this.#cancelWake();
    const { store, wallClock, clock, logger } = this.#options;
    try {
      const nowMs = wallClock.epochMs();
      const alarms = store.alarms();
      for (const id of this.#ringing.keys()) if (!alarms.some((alarm) => alarm.id === id)) this.#ringing.delete(id);
      for (const alarm of alarms) if (alarm.dueMs <= nowMs && !this.#ringing.has(alarm.id)) this.#begin(alarm, nowMs);
      const next = alarms.find((alarm) => alarm.dueMs > nowMs);
      if (!next) return;
      const waitMs = Math.min(LONGEST_WAIT_MS, next.dueMs - nowMs);
      this.#cancelWake = clock.schedule(waitMs, () => this.#look());
    } catch (error) {
      logger.warn('alarms cannot be read', { error });
      this.#cancelWake = clock.schedule(LONGEST_WAIT_MS, () => this.#look());
    }
  }

  #begin(alarm: Alarm, nowMs: number): void {
    const isMissed = nowMs - alarm.dueMs > MISSED_AFTER_MS;
    const ringing: Ringing = { alarm, rings: 0, isMissed, isAcknowledged: false };
    this.#ringing.set(alarm.id, ringing);
    this.#ring(ringing);
  }

  #ring(ringing: Ringing): void {
    if (this.#isClosed || ringing.isAcknowledged || !this.#ringing.has(ringing.alarm.id)) return;
    this.#options.announce({
      respond: (options) => this.#pieces(ringing, options),
      onEnded: ({ outcome, heardChars }) => {
        if (this.#isClosed || ringing.isAcknowledged) return;
        if (outcome === 'failed') return this.#later(RETRY_MS, () => this.#ring(ringing));
        // Taken back before a word: the conversation was started anew.
        if (outcome === 'interrupted' && heardChars === 0)
          return this.#later(FORGET_AFTER_MS, () => this.#ring(ringing));
        ringing.rings++;
        const isOnce = ringing.alarm.kind === 'reminder' || ringing.isMissed;
        if (outcome === 'interrupted' || isOnce || ringing.rings >= RINGS) return this.#settle(ringing);
        this.#later(RING_AGAIN_MS, () => this.#ring(ringing));
      },
    });
  }

  async *#pieces(ringing: Ringing, { signal }: CallOptions): AsyncIterable<ReplyPiece> {
    const { rendered } = this.#options;
    const { sampleRateHz } = this.#options.voice;
    yield { type: 'source', source: 'notice' };
    yield {
      type: 'clause',
      clause: { text: '', startChar: 0, endChar: 0 },
      audio: { pcm: alarmChime(sampleRateHz), sampleRateHz },
    };
    yield* spokenPieces({ text: this.#words(ringing) }, { rendered, signal: signal! });
  }

  #words({ alarm, isMissed }: Ringing): string {
    const { wallClock } = this.#options;
    const at = (epochMs: number): Temporal.ZonedDateTime =>
      Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(wallClock.timeZone());
    const due = spokenMoment(at(alarm.dueMs), at(isMissed ? alarm.dueMs : wallClock.epochMs()));
    const what = whatRings(alarm);
    if (isMissed) return `While I was off, ${lowered(what)} It was due at ${due}.`;
    return alarm.kind === 'alarm' ? `It's ${due}. ${what}` : what;
  }

  #settle(ringing: Ringing): void {
    if (ringing.isAcknowledged) return;
    ringing.isAcknowledged = true;
    this.#later(FORGET_AFTER_MS, () => {
      this.#ringing.delete(ringing.alarm.id);
      try {
        this.#done(ringing.alarm);
      } catch (error) {
        this.#options.logger.warn('a rung alarm cannot be removed', { error });
      }
    });
  }

  /** It goes, or waits for its next day. Whoever cancelled or changed it meanwhile is right. */
  #done({ id, dueMs, repeat }: Alarm): void {
    const { store, wallClock } = this.#options;
    const current = store.alarms().find((alarm) => alarm.id === id && alarm.dueMs === dueMs);
    if (!current) return;
    if (!repeat) return store.removeAlarm(id);
    const now = Temporal.Instant.fromEpochMilliseconds(wallClock.epochMs()).toZonedDateTimeISO(wallClock.timeZone());
    store.putAlarm({ ...current, dueMs: nextOf(repeat, now).epochMilliseconds });
  }

  #later(delayMs: number, action: () => void): void {
    const cancel = this.#options.clock.schedule(delayMs, () => {
      this.#timers.delete(cancel);
      if (!this.#isClosed) action();
    });
    this.#timers.add(cancel);
  }
}

function whatRings({ kind, label, durationMs }: Alarm): string {
  if (kind === 'alarm') return 'This is your alarm.';
  if (kind === 'timer')
    return `Your ${label === '' ? `timer for ${spokenDuration(durationMs ?? 0)}` : `${label} timer`} is done.`;
  return label.startsWith('about ') ? `Reminder ${saidBack(label)}.` : `Reminder: ${saidBack(label)}.`;
}

function lowered(sentence: string): string {
  return sentence
    .replace('This is your alarm', 'your alarm was to ring')
    .replace(/^Your(.*) is done/, 'your$1 ended')
    .replace(/^Reminder/, 'I had a reminder for you');
}
