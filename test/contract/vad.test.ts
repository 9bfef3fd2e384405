import { FakeVad } from '../fakes/fake-vad.ts';
import { tone } from '../fakes/tone.ts';
import { vadContract } from './vad-contract.ts';

vadContract('fake', async () => ({ vad: new FakeVad(), speech: tone(1.2) }));
