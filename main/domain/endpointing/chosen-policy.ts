import type { EndpointingChoice } from '../../contract/turn-settings.ts';
import { fixedSilence } from './fixed-silence.ts';
import type { EndpointingPolicy } from './policy.ts';
import { semanticEndpointing } from './semantic.ts';

const POLICIES: Record<EndpointingChoice, EndpointingPolicy> = {
  semantic: semanticEndpointing(),
  'fixed-300': fixedSilence(300),
  'fixed-1500': fixedSilence(1500),
};

/** The policy that a setting names. */
export function chosenPolicy(choice: EndpointingChoice): EndpointingPolicy {
  return POLICIES[choice];
}
