import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOOPBACK_LABEL } from '../../main/contract/architecture.ts';
import { isRunning, missingModels, RealApp } from '../fixtures/real-app.ts';

const why = missingModels();
if (why) console.log(`skipped: ${why}`);

test.skipIf(why)('the app talks through the loopback, says that it is one, and leaves no ears behind', async () => {
  const app = await RealApp.start({
    inputPath: join(import.meta.dirname, '../fixtures/audio/what-time-is-it.wav'),
    settings: { architectureId: 'loopback' },
  });
  try {
    await app.until(() => app.answers(({ status }) => status === 'done').length > 0);
    const { currentId, choices } = app.state.architecture!;
    const choice = choices.find(({ id }) => id === currentId)!;
    expect(choice).toMatchObject({ id: 'loopback', kind: 'loopback', label: LOOPBACK_LABEL, unavailable: null });
    expect(app.answers(() => true)[0]!.text).toMatch(/\d|o'clock|noon|midnight|past|to /i);
    const said = app.lines.findLast(({ role, status }) => role === 'user' && status === 'final');
    expect(said?.text).toMatch(/what time is it/i);
  } finally {
    await app.close();
  }
  // The last that was spawned: the ears of the other end.
  expect(isRunning(app.pids.get('listen')!)).toBe(false);
});
