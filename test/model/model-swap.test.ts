import { afterEach, describe, expect, it } from 'vitest';
import type { ModelsState } from '../../main/contract/models.ts';
import { resolveModel } from '../../main/platform/models/resolve-model.ts';
import type { AppSession } from '../../main/transport/app-endpoint.ts';
import { isRunning, missingModels, modelsDir, RealApp } from '../fixtures/real-app.ts';

const reason = missingModels() ?? missingVoice();
if (reason) console.warn(`skipped: test/model/model-swap: ${reason}`);

function missingVoice(): string | undefined {
  try {
    resolveModel('piper-joe-medium', { modelsDir });
    return undefined;
  } catch {
    return 'piper-joe-medium is not installed: npx parley models install --tests';
  }
}

describe.skipIf(reason)('models that are exchanged in mid-conversation', () => {
  let real: RealApp | undefined;
  let models: ModelsState | undefined;
  afterEach(async () => {
    const pids = [...(real?.pids.values() ?? [])];
    await real?.close();
    real = undefined;
    expect(pids.filter(isRunning), 'no process is left behind').toEqual([]);
  });

  function connect(app: RealApp): AppSession {
    return app.app.endpoint.connect({
      id: 'models',
      carriesAudio: false,
      sendAudio: () => {},
      send: (event) => {
        if (event.type === 'models') models = event.models;
      },
    });
  }

  const ended = (app: RealApp) => app.answers(({ status }) => status === 'done').length;

  it('a voice that is chosen during an answer speaks the next one', async () => {
    real = await RealApp.start();
    const app = real;
    const session = connect(app);
    const first = app.pids.get('speak')!;
    app.say('How do you spell necessary?');
    await app.until(() => app.answers(({ heardChars }) => heardChars > 0).length === 1);
    await session.handle({ type: 'choose-model', stage: 'tts', modelId: 'piper-joe-medium' });
    await app.until(() => app.state.engines.tts?.id === 'piper-joe-medium');
    // It took over when the first answer had been spoken to its end.
    expect(ended(app)).toBe(1);
    app.say('What time is it?');
    await app.until(() => ended(app) === 2);
    expect(app.pids.get('speak')).not.toBe(first);
    expect(isRunning(app.pids.get('speak')!)).toBe(true);
    expect(app.state.problems).toEqual([]);
  });

  it('a recogniser that is not there leaves the one of now, and is said', async () => {
    real = await RealApp.start();
    const app = real;
    const session = connect(app);
    await session.handle({ type: 'show-models' });
    await session.handle({ type: 'choose-model', stage: 'asr', modelId: 'parakeet-tdt-0.6b-v2' });
    await app.until(() => app.state.problems.length > 0);
    expect(app.state.problems[0]!.error).toMatchObject({ code: 'model-missing', detail: 'parakeet-tdt-0.6b-v2' });
    expect(app.state.engines.asr?.id).toBe('moonshine-tiny-en');
    expect(models?.models.find(({ id }) => id === 'moonshine-tiny-en')).toMatchObject({ isCurrent: true });
    // Ears, without a turn detector: the listening child is exchanged too.
    const first = app.pids.get('listen')!;
    await session.handle({ type: 'choose-model', stage: 'turn', modelId: 'none' });
    await app.until(() => app.pids.get('listen') !== first && app.childStatus('listen') === 'ready');
  });
});
