import { FakeTurnDetector } from '../fakes/fake-turn-detector.ts';
import { tone } from '../fakes/tone.ts';
import { turnDetectorContract } from './turn-detector-contract.ts';

turnDetectorContract('fake', async () => ({ detector: new FakeTurnDetector(0.9), complete: tone(1.2) }));
