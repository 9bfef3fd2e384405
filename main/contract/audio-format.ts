/** Everything that listens works at this rate, mono, −1…1 Float32; devices convert once at their edge. */
export const CAPTURE_RATE_HZ = 16_000;
/** Capture frames are 10 ms. */
export const CAPTURE_FRAME_SAMPLES = 160;
export const SILENCE_DBFS = -100;
