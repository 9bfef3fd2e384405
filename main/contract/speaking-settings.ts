import { z } from 'zod';

/** How answers sound, apart from the voice itself. */
export const speakingSettingsSchema = z.object({
  /**
   * An answer that is known at once (from the table or a skill) is not heard sooner than this after the user's last sound. A least distance, never
   * added to the time that it takes to be sure that the user has finished.
   */
  naturalPauseMs: z.number().int().min(0).max(1000),
  /** 0: silent; 100: as the voice is. */
  volumePercent: z.number().int().min(0).max(100),
});

export const DEFAULT_SPEAKING_SETTINGS: z.infer<typeof speakingSettingsSchema> = {
  naturalPauseMs: 200,
  volumePercent: 100,
};
