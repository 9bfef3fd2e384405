import { z } from 'zod';

/** What is done to the microphone's sound before anybody listens to it. See docs/capture-chain.md. */
export const captureChainSettingsSchema = z.object({
  /** Takes away what lies below the voice: hum, steps, a microphone's offset. */
  highPass: z.boolean(),
  /** Takes the loudspeaker's sound out of the microphone's. */
  echoCancellation: z.boolean(),
  /** `auto`: while the room is loud and the voice is not far above it. */
  noiseSuppression: z.enum(['off', 'auto', 'on']),
  /** Brings quiet and loud voices to one level, slowly. */
  automaticGain: z.boolean(),
  /** `half`: the microphone is off while the loudspeaker plays. `auto`: when the echo cannot be cancelled. */
  duplex: z.enum(['auto', 'full', 'half']),
});
export type CaptureChainSettings = z.infer<typeof captureChainSettingsSchema>;

/** What was measured to help; docs/capture-chain.md has the figures. */
export const DEFAULT_CAPTURE_CHAIN: CaptureChainSettings = {
  highPass: true,
  echoCancellation: true,
  noiseSuppression: 'off',
  automaticGain: false,
  duplex: 'auto',
};

export const captureChainStateSchema = z.object({
  settings: captureChainSettingsSchema,
  /** Echo is being cancelled now: the loudspeaker plays, or has just ended. */
  echoCancelling: z.boolean(),
  denoising: z.boolean(),
  /** The microphone is off while the loudspeaker plays, and why. */
  halfDuplex: z.boolean(),
  halfDuplexReason: z.enum(['setting', 'echo-not-cancelled']).nullable(),
  /** By how much the echo of the latest answer was lowered; null before the first, or where no echo is heard. */
  erleDb: z.number().nullable(),
  /** The voice above the noise of the room; null before anybody spoke. */
  snrDb: z.number().nullable(),
  noiseFloorDbfs: z.number(),
  /** What automatic gain adds now. */
  gainDb: z.number(),
  /** Stages that are wanted but could not be loaded. */
  unavailable: z.array(z.enum(['echoCancellation', 'noiseSuppression'])),
});
export type CaptureChainState = z.infer<typeof captureChainStateSchema>;
/** What was done to the microphone's sound of one turn, and how well. */
export const captureAccountSchema = z.object({
  highPass: z.boolean(),
  echoCancellation: z.boolean(),
  noiseSuppression: z.boolean(),
  automaticGain: z.boolean(),
  halfDuplex: z.boolean(),
  erleDb: z.number().nullable(),
  snrDb: z.number().nullable(),
});
export type CaptureAccount = z.infer<typeof captureAccountSchema>;

/** Null where the sound is treated elsewhere (a browser, a file). */
export function captureAccount(chain: CaptureChainState | null): CaptureAccount | null {
  if (!chain) return null;
  const { settings, denoising, unavailable, halfDuplex, erleDb, snrDb } = chain;
  return {
    highPass: settings.highPass,
    echoCancellation: settings.echoCancellation && !unavailable.includes('echoCancellation'),
    noiseSuppression: denoising,
    automaticGain: settings.automaticGain,
    halfDuplex,
    erleDb,
    snrDb,
  };
}
export type HalfDuplexReason = NonNullable<CaptureChainState['halfDuplexReason']>;

/** What a test of the room with sound from the loudspeaker has shown. */
export const echoTestResultSchema = z.object({
  /** `no-echo`: the microphone does not hear the loudspeaker (headphones, or the sound is off). */
  verdict: z.enum(['no-echo', 'cancelled', 'half-duplex']),
  noiseFloorDbfs: z.number(),
  /** From a sample's being given to the loudspeaker until its echo is received; null without an echo. */
  roundTripMs: z.number().nullable(),
  /** Level of the echo against what was played. */
  echoDb: z.number().nullable(),
  erleDb: z.number().nullable(),
  /** What is left of the echo. */
  residualDbfs: z.number().nullable(),
});
export type EchoTestResult = z.infer<typeof echoTestResultSchema>;
