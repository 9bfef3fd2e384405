import { z } from 'zod';

/** How the end of a turn is found: from words, sound and the speaker's habits, or after so many ms of silence (what others do, to compare). */
export const endpointingSchema = z.enum(['semantic', 'fixed-300', 'fixed-1500']);
export type EndpointingChoice = z.infer<typeof endpointingSchema>;

/** What the user may choose about taking turns. Holds from the next utterance on. See docs/turn-taking.md. */
export const turnSettingsSchema = z.object({
  endpointing: endpointingSchema,
  /** Asks once more, gently, when a question of the assistant's stays without an answer. */
  reprompt: z.boolean(),
});
export type TurnSettings = z.infer<typeof turnSettingsSchema>;

export const DEFAULT_TURN_SETTINGS: TurnSettings = { endpointing: 'semantic', reprompt: true };
