// npm run bench:cues [-- --features FILE]: how well voices are measured and judged. With EmoDB beside the project, everything; without, what can be said
// from the committed features. Acted speech throughout: conversation is much harder.
import { parseArgs } from 'node:util';
import { compareWithOpenSmile } from './report-features.ts';
import { corpusFeatures } from './corpus-features.ts';
import { hasEmodb } from './emodb.ts';
import { ModelShelf } from './fit-model.ts';
import { knownFeatures, trainingData } from './known-features.ts';
import { calibrationLines, leaveSpeakersOut, microphoneLines, recallLines } from './report-recall.ts';
import { strangerLines } from './report-strangers.ts';
import { costLines, notSpeechLines, threeWaysLines } from './report-sounds.ts';

const { values: options } = parseArgs({ options: { features: { type: 'string' } } });
const section = (title: string, lines: readonly string[]): void => console.log(`\n${title}\n  ${lines.join('\n  ')}`);

console.log('Voice cues. Acted speech (EmoDB, 6 speakers, 278 clips): conversation is much harder.');
if (!hasEmodb()) {
  console.log(
    'EmoDB is not there (PARLEY_TEST_DATA): its features as committed, without other microphones and speakers.',
  );
  const shelf = new ModelShelf({ clean: knownFeatures(), speakers: [], microphones: [] });
  const folds = leaveSpeakersOut(shelf);
  section('Arousal, speakers left out', recallLines(folds));
  section('Calibration', calibrationLines(folds));
} else {
  section('Cost', await costLines());
  section('Features against openSMILE: correlation over the clips', await compareWithOpenSmile());
  const corpus = await corpusFeatures({ file: options.features });
  const folds = leaveSpeakersOut(new ModelShelf(trainingData(corpus)));
  section('Arousal, speakers left out', recallLines(folds));
  section('Calibration', calibrationLines(folds));
  section('Another microphone', microphoneLines(folds, corpus.clean, corpus.microphones.at(-1)!));
  section('One clip said in three ways', await threeWaysLines(folds));
  section('What is no voice of the speaker', await notSpeechLines(folds, corpus.voices));
  section('Another speaker', strangerLines(folds, corpus.clean, corpus.voices));
}
