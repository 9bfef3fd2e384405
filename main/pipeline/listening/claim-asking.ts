import { ParleyError } from '../../contract/errors.ts';
import type { VoiceClaim, VoiceClaimant } from '../../ports/voice-cues.ts';
import type { AudioRing } from './audio-ring.ts';

/** The last of an utterance: of more, models of this kind say the same and take longer. */
const MAX_SAMPLES = 8 * 16_000;

export interface ClaimAskingOptions {
  /** Null: not there, or not yet. */
  claimant(): VoiceClaimant | null;
  ring: AudioRing;
  onClaim(utteranceId: number, claim: VoiceClaim): void;
  /** It failed, and is not asked again. */
  onFailure(error: ParleyError): void;
}

/**
 * Asks another engine how an utterance sounds, once it has ended and everybody has its reading. One at a time: an utterance that ends while the one before is
 * judged goes without.
 */
export class ClaimAsking {
  readonly #options: ClaimAskingOptions;
  #isBusy = false;
  #hasFailed = false;

  constructor(options: ClaimAskingOptions) {
    this.#options = options;
  }

  /** Nobody waits for it. */
  ask(utteranceId: number, { fromSample, toSample }: { fromSample: number; toSample: number }): void {
    const claimant = this.#hasFailed ? null : this.#options.claimant();
    if (!claimant || this.#isBusy) return;
    const pcm = this.#options.ring.read(Math.max(0, fromSample, toSample - MAX_SAMPLES), toSample);
    if (pcm.length === 0) return;
    this.#isBusy = true;
    void this.#settle(utteranceId, claimant, pcm);
  }

  async #settle(utteranceId: number, claimant: VoiceClaimant, pcm: Float32Array): Promise<void> {
    try {
      this.#options.onClaim(utteranceId, await claimant.claim(pcm));
    } catch (cause) {
      this.#hasFailed = true;
      await claimant.close().catch(() => {});
      this.#options.onFailure(ParleyError.from(cause, 'listen', 'engine-failed'));
    } finally {
      this.#isBusy = false;
    }
  }
}
