// npm run bench:endpointing: how sure the end of a turn is at every pause of labelled clips, and what each policy would do there.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { resampleWhole } from '../../../main/audio/streaming-resampler.ts';
import { CAPTURE_RATE_HZ } from '../../../main/contract/audio-format.ts';
import { chosenPolicy } from '../../../main/domain/endpointing/chosen-policy.ts';
import { endLogOdds } from '../../../main/domain/endpointing/end-probability.ts';
import { promptMessages } from '../../../main/cascade/prompt.ts';
import { MoonshineAsr } from '../../../main/engines/asr/moonshine.ts';
import { LlamaCppLlm } from '../../../main/engines/llm/llama-cpp.ts';
import { SmartTurn } from '../../../main/engines/turn/smart-turn.ts';
import { SileroVad } from '../../../main/engines/vad/silero-vad.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import { resolvePaths } from '../../../main/platform/paths.ts';
import { missingModels } from '../../fixtures/real-app.ts';
import { ClipSets } from '../clips/clip-sets.ts';
import { CLIP_RATE_HZ } from '../clips/clip.ts';
import { SpokenCache } from '../clips/spoken-cache.ts';
import { statisticsOf } from '../../../main/evaluation/scoring/statistics.ts';
import { collectPauses, type CollectedPause } from './collect-pauses.ts';
import { fitOdds, probabilityOf } from './fit-odds.ts';
import { scorePolicy } from './score-policy.ts';
import { tuningClips, type LabelledSpeech } from './tuning-clips.ts';

const BINS = [0, 0.3, 0.5, 0.7, 0.85, 0.9, 1];

const reason = missingModels();
if (reason !== undefined) throw new Error(`the calibration cannot run here: ${reason}`);
const { env, platform } = process;
const { modelsDir, cacheDir } = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd() });
const model = (id: string, file: string): string => resolveModel(id, { modelsDir }).path(file);
const engines = {
  vad: await SileroVad.open({ modelPath: model('silero-vad', 'silero_vad.onnx') }),
  asr: await MoonshineAsr.open({ modelDir: join(modelsDir, 'moonshine-tiny-en') }),
  turnDetector: await SmartTurn.open({ modelPath: model('smart-turn-v3.2', 'smart-turn-v3.2-cpu.onnx') }),
};
const llm = await LlamaCppLlm.load({
  modelPath: model('smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
  clock: { nowMs: () => performance.now() },
});
const tuning = await pausesOf(await tuning16k());
printFit(tuning);
for (const [name, pauses] of [
  ['tuning', tuning],
  ['test', await pausesOf(await test16k())],
] as const) {
  printReliability(name, pauses);
  printPolicies(name, pauses);
}
await Promise.all([...Object.values(engines), llm].map((engine) => engine.close()));

async function tuning16k(): Promise<LabelledSpeech[]> {
  const spoken = new SpokenCache({ modelsDir, cacheDir });
  return tuningClips({ modelsDir, spoken }).finally(() => spoken.close());
}

/** The turns of `npm run bench`, each up to its label's end. */
async function test16k(): Promise<LabelledSpeech[]> {
  const data = env['PARLEY_TEST_DATA'];
  const sets = new ClipSets({ modelsDir, cacheDir, audioDir: data === undefined ? undefined : join(data, 'audio') });
  const turns = await sets.turns().finally(() => sets.close());
  return Promise.all(
    turns.map(async ({ id, source, samples, speech }) => {
      const rates = { inputRateHz: CLIP_RATE_HZ, outputRateHz: CAPTURE_RATE_HZ };
      const said = await resampleWhole(samples.slice(0, speech.to), rates);
      return { id, source, samples: said, turnEnds: [said.length], answersQuestion: false };
    }),
  );
}

async function pausesOf(clips: readonly LabelledSpeech[]): Promise<CollectedPause[]> {
  const pauses: CollectedPause[] = [];
  for (const clip of clips) pauses.push(...(await collectPauses(clip, engines)));
  return Promise.all(pauses.map(withSentenceEnd));
}

async function withSentenceEnd(pause: CollectedPause): Promise<CollectedPause> {
  const { text } = pause.evidence;
  if (text === null || text === '') return pause;
  const sentenceEnd = await llm.sentenceEnd(promptMessages({ history: [], userText: text }));
  return { ...pause, evidence: { ...pause.evidence, sentenceEnd } };
}

function printFit(pauses: readonly CollectedPause[]): void {
  console.log(
    'Log-odds of an end, fitted on the tuning clips\n\n| words | log-odds | × (sound − 0.75) | × doubt of the sentence |\n|---|---|---|---|',
  );
  for (const [shape, { words, sound, sentence }] of Object.entries(fitOdds(pauses))) {
    console.log(`| ${shape} | ${words.toFixed(2)} | ${sound.toFixed(2)} | ${sentence.toFixed(2)} |`);
  }
}

function printReliability(name: string, pauses: readonly CollectedPause[]): void {
  console.log(`\nReliability, ${name} clips\n\n| p(end) | pauses | mean p(end) | ends |\n|---|---|---|---|`);
  const judged = pauses.flatMap(({ evidence, isEnd }) => {
    const { text } = evidence;
    return text === null || text === '' ? [] : [{ p: probabilityOf(endLogOdds({ ...evidence, text })), isEnd }];
  });
  for (const [i, from] of BINS.slice(0, -1).entries()) {
    const bin = judged.filter(({ p }) => p >= from && p < BINS[i + 1]!);
    if (bin.length === 0) continue;
    const mean = bin.reduce((sum, { p }) => sum + p, 0) / bin.length;
    const ends = bin.filter(({ isEnd }) => isEnd).length / bin.length;
    console.log(`| ${from}–${BINS[i + 1]!} | ${bin.length} | ${mean.toFixed(2)} | ${ends.toFixed(2)} |`);
  }
}

function printPolicies(name: string, pauses: readonly CollectedPause[]): void {
  console.log(`\nPolicies, ${name} clips\n\n| policy | turns | cut into | delay p50 | p95 ms |\n|---|---|---|---|---|`);
  const wordless = pauses.map((pause) => ({ ...pause, evidence: { ...pause.evidence, sentenceEnd: null } }));
  const policies = [
    ['semantic', 'semantic', true, pauses],
    ['semantic, without the language model', 'semantic', true, wordless],
    ['semantic, without the speaker’s habits', 'semantic', false, pauses],
    ['semantic, without both', 'semantic', false, wordless],
    ['fixed 300 ms', 'fixed-300', false, pauses],
    ['fixed 1.5 s', 'fixed-1500', false, pauses],
  ] as const;
  for (const [label, choice, learns, given] of policies) {
    const { turns, cutTurns, delaysMs } = scorePolicy(chosenPolicy(choice), given, { learns });
    const { p50, p95 } = statisticsOf(delaysMs);
    const share = ((100 * cutTurns) / turns).toFixed(1);
    console.log(`| ${label} | ${turns} | ${cutTurns} (${share}%) | ${p50?.toFixed(0)} | ${p95?.toFixed(0)} |`);
  }
}
