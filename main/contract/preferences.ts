import { z } from 'zod';
import { echoTestResultSchema } from './capture-chain.ts';
import { speakingSettingsSchema } from './speaking-settings.ts';
import { speechToSpeechSettingsSchema } from './speech-to-speech.ts';
import { turnSettingsSchema } from './turn-settings.ts';

/** What calls Parley by voice. Five letters at least: shorter ones are heard in everything. */
export const wakePhraseSchema = z
  .string()
  .trim()
  .max(40)
  .regex(/^[\p{L}' ]+$/u)
  .refine((phrase) => phrase.replace(/[^\p{L}]/gu, '').length >= 5);

/** Keys that work while another program is in front, in Electron's spelling. */
export const TALK_KEYS = ['F8', 'F9', 'Control+Alt+Space', 'Control+Shift+Space'] as const;
export const MUTE_KEYS = ['F7', 'F10', 'Control+Alt+M', 'Control+Shift+M'] as const;
export type GlobalKey = (typeof TALK_KEYS)[number] | (typeof MUTE_KEYS)[number];

/** What the user may choose about talking. Changes count at once; those about turns from the next utterance on. See docs/modes.md. */
export const preferencesSchema = z.object({
  ...turnSettingsSchema.shape,
  ...speakingSettingsSchema.shape,
  ...speechToSpeechSettingsSchema.shape,
  /** `hold`: the turn lasts while the key is down. `toggle`: from one press to the next. */
  pushToTalk: z.enum(['hold', 'toggle']),
  wakePhrase: wakePhraseSchema,
  /** Push-to-talk from within other programs; null: none. Desktop app only. */
  globalTalkKey: z.enum(TALK_KEYS).nullable(),
  globalMuteKey: z.enum(MUTE_KEYS).nullable(),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** The part of the preferences that is about keys and calling; the rest is DEFAULT_TURN_SETTINGS. */
export const DEFAULT_MODE_PREFERENCES = {
  pushToTalk: 'hold',
  wakePhrase: 'Hey Parley',
  globalTalkKey: null,
  globalMuteKey: null,
} as const satisfies Partial<Preferences>;

export const globalKeyStateSchema = z.discriminatedUnion('works', [
  z.object({ works: z.literal('off') }),
  /** Its going up is noticed too. */
  z.object({ works: z.literal('hold') }),
  /** Only its going down is: each press is one half of a turn. */
  z.object({ works: z.literal('toggle'), because: z.enum(['wanted', 'wayland', 'not-permitted', 'not-available']) }),
  z.object({ works: z.literal('no'), because: z.enum(['taken']) }),
]);
export type GlobalKeyState = z.infer<typeof globalKeyStateSchema>;

export const globalKeysStateSchema = z.object({ talk: globalKeyStateSchema, mute: globalKeyStateSchema });
export type GlobalKeysState = z.infer<typeof globalKeysStateSchema>;

/** The test of the room with sound from the loudspeaker: what it is doing, or what came of the latest one. */
export const roomTestSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('running'),
    step: z.enum(['silence', 'sweep', 'noise']),
    /** 0 … 1 */
    progress: z.number(),
  }),
  z.object({ status: z.literal('done'), result: echoTestResultSchema }),
  /** `talking`: somebody speaks, or spoke in the middle of it. `elsewhere`: sound is the browser's business, or a file's. */
  z.object({ status: z.literal('refused'), because: z.enum(['talking', 'elsewhere', 'no-device', 'sound-lost']) }),
]);
export type RoomTest = z.infer<typeof roomTestSchema>;

/** `asleep`: speech is no turn unless it begins with the wake phrase. */
export const wakeStateSchema = z.enum(['asleep', 'awake']);
export type WakeState = z.infer<typeof wakeStateSchema>;

/** What the window's state holds of all this. */
export const preferenceState = {
  preferences: preferencesSchema.optional(),
  /** Absent where there are no keys outside the window: in a browser. */
  globalKeys: globalKeysStateSchema.optional(),
  roomTest: roomTestSchema.optional(),
  /** Absent in modes without a wake phrase. */
  wake: wakeStateSchema.nullable().optional(),
};

export const preferenceCommands = [
  z.object({ type: z.literal('set-preferences'), preferences: preferencesSchema.partial() }),
  /** Plays sound for 6 s; answered at once, the state has progress and result. */
  z.object({ type: z.literal('test-room') }),
] as const;
