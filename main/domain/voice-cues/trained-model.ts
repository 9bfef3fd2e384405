import trained from './trained-model.json' with { type: 'json' };
import type { VoiceModelWeights } from './voice-model.ts';

/** Written by `npm run train:cues`; docs/voice-cues.md tells from what, and how well it does. */
export const trainedVoiceModel = trained as VoiceModelWeights;
