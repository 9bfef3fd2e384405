import { FakeAsr } from '../fakes/fake-asr.ts';
import { tone } from '../fakes/tone.ts';
import { asrContract } from './asr-contract.ts';

asrContract('fake', async () => ({ asr: new FakeAsr(), speech: tone(0.8), heard: /^one two three four$/ }));
