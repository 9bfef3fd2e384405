import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppVoiceCues } from '../../../main/app-voice-cues.ts';
import { DEFAULT_VOICE_CUES } from '../../../main/contract/voice-cues.ts';
import type { AppState, UserLine } from '../../../main/contract/state.ts';
import { trainedVoiceModel as model } from '../../../main/domain/voice-cues/trained-model.ts';
import { AppStateStore } from '../../../main/pipeline/app-state-store.ts';
import type { SettingsStore } from '../../../main/platform/settings.ts';
import type { Listener, ListenerEvent } from '../../../main/ports/listener.ts';
import { knownFeatures } from '../../bench/cues/known-features.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const features = Object.values(knownFeatures())[0]!;
const speaker: readonly number[] = model.speaker.voice!.centre.map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
const guest = speaker.map((value, i) => (i % 4 < 2 ? value : -value));
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'parley-voice-'))));
afterEach(() => rm(folder, { recursive: true }));

function rig() {
  const settings = { current: { ...DEFAULT_VOICE_CUES, voiceBaselineRetention: 'week' } } as unknown as SettingsStore;
  const store = new AppStateStore({ audio: { driver: 'mic', inputId: null }, engines: {} } as unknown as AppState);
  const logger = new RecordingLogger();
  const paths = { dataDir: folder } as never;
  const cues = new AppVoiceCues({ settings, store, paths, wallClock: { epochMs: () => 1000 } as never, logger });
  let emit: (event: ListenerEvent) => void = () => {};
  const ears: Listener = {
    push() {},
    beginUtterance() {},
    readUtterance: () => Promise.reject(new Error('not asked')),
    endUtterance() {},
    onEvent(listener) {
      emit = listener;
      return () => {};
    },
  };
  cues.listening(ears);
  const say = (text: string, whose = speaker): UserLine => {
    const voice = { features, speechSeconds: 2, voicedSeconds: 1.2, speaker: { vector: whose, seconds: 1.5 } };
    emit({ type: 'partial', utteranceId: 1, text, stableChars: 0, endSample: 0, voice });
    const line = { role: 'user', id: text, turnId: text, at: '', status: 'final', stableChars: 0, source: 'voice' };
    return cues.describe({ ...line, text } as UserLine);
  };
  return { cues, store, logger, say, emit: (event: ListenerEvent) => emit(event) };
}

const file = () => readFile(join(folder, 'voice-baselines.json'), 'utf8');

it('whose voice it was outlives the app with the baseline, and is forgotten with it', async () => {
  const before = rig();
  for (let turn = 0; turn <= model.baselineTurns; turn++) before.say(`turn ${turn}`);
  await vi.waitFor(async () => expect(JSON.parse(await file()).devices.mic.turns).toHaveLength(model.baselineTurns));

  const after = rig();
  await vi.waitFor(() => expect(after.store.state.voiceCues!.baselineTurns).toBe(model.baselineTurns));
  expect(after.say('a guest', guest).voice!.reason).toBe('another-speaker');
  expect(after.say('the speaker').voice!.reason).not.toBe('another-speaker');
  await after.cues.handle({ type: 'forget-voice-baselines' });
  expect(after.store.state.voiceCues!.baselineTurns).toBe(0);
  await expect(file()).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a claim that comes after the line was shown is told, and a model that cannot be used is said in the log', () => {
  const { cues, say, emit, logger } = rig();
  const changed: string[] = [];
  cues.onLineChanged((lineId) => changed.push(lineId));
  const line = say('one');
  emit({ type: 'claim', utteranceId: 1, claim: { engine: 'Tiny', label: 'happy', confidence: 0.7 } });
  expect(changed).toEqual(['one']);
  expect(cues.describe(line).voice!.claims).toEqual([
    { engine: 'Tiny', label: 'happy', confidence: 0.7, agrees: null },
  ]);
  const error = { code: 'model-corrupt', stage: 'listen', retryable: false, message: 'no', detail: 'why' } as const;
  emit({ type: 'voice-part-missing', part: 'emotion-model', error });
  expect(logger.records).toMatchObject([{ level: 'warn', message: /emotion model/, fields: { error } }]);
});

it('without the encoder, voices are judged by the features alone, and the log says so', () => {
  const { say, emit, logger } = rig();
  const error = { code: 'model-missing', stage: 'listen', retryable: false, message: 'it is not there' } as const;
  emit({ type: 'voice-part-missing', part: 'speaker-encoder', error });
  expect(logger.records).toEqual([
    {
      level: 'warn',
      message: 'the speaker encoder cannot be used: speakers are told apart by the features alone',
      fields: { error },
    },
  ]);
  expect(say('one').voice).toMatchObject({ word: 'unclear', reason: 'baseline' });
});
