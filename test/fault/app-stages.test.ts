import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { WavWriter } from '../../main/audio/wav-writer.ts';
import type { ChildName } from '../../main/contract/state.ts';
import { isRunning, missingModels, RealApp } from '../fixtures/real-app.ts';

const reason = missingModels();
if (reason) console.warn(`skipped: test/fault/app-stages: ${reason}`);

const story = 'Tell me a long story about a dragon who lived by the sea.';

describe.skipIf(reason)('a child that dies in the middle of a turn', () => {
  let real: RealApp | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'parley-stages-'));
  afterEach(async () => {
    const pids = [...(real?.pids.values() ?? [])];
    await real?.close();
    real = undefined;
    expect(pids.filter(isRunning), 'no process is left behind').toEqual([]);
  });

  /** The child is busy with this turn: kill it, see the turn fail at its stage, and the next one answered. */
  async function killInTurn(name: ChildName, signal: NodeJS.Signals): Promise<void> {
    real = await RealApp.start();
    const app = real;
    app.say(story);
    await app.until(() => app.childStatus(name) === 'busy' && app.answers(() => true).length === 1);
    app.kill(name, signal);
    await app.until(() => app.answers(({ status }) => status === 'failed').length === 1);
    const [failed] = app.answers(({ status }) => status === 'failed');
    expect(failed!.error).toMatchObject({ stage: name });
    expect(app.state.problems.map(({ error }) => error.stage)).toContain(name);
    // Neither in the table of replies nor a skill's: it needs the stage that was killed.
    app.say('Tell me about dogs.');
    await app.until(
      () => app.answers(({ status, heardChars }) => status === 'speaking' && heardChars > 0).length === 1,
    );
    expect(app.state.children.find((child) => child.name === name)).toMatchObject({ restarts: 1 });
  }

  it.each(['SIGKILL', 'SIGABRT', 'SIGSTOP'] as const)('think, by %s', (signal) => killInTurn('think', signal));

  it.each(['SIGKILL', 'SIGABRT', 'SIGSTOP'] as const)('speak, by %s', (signal) => killInTurn('speak', signal));

  it.each(['SIGKILL', 'SIGABRT', 'SIGSTOP'] as const)(
    'listen, by %s, and the same words a moment later are heard',
    async (signal) => {
      const inputPath = join(folder, `${signal}.wav`);
      const pauseSeconds = signal === 'SIGSTOP' ? 16 : 6;
      await writeTwice('tell-me-about-cats', inputPath, pauseSeconds);
      real = await RealApp.start({ inputPath });
      const app = real;
      await app.until(() => app.lines.some(({ role }) => role === 'user'));
      app.kill('listen', signal);
      await app.until(() => app.answers(({ status }) => status === 'failed').length === 1);
      expect(app.answers(({ status }) => status === 'failed')[0]!.error).toMatchObject({ stage: 'listen' });
      await app.until(() => app.lines.some((line) => line.role === 'user' && line.status === 'final'));
      expect(app.lines.findLast((line) => line.role === 'user')!.text).toMatch(/cats/i);
    },
  );

  it('cleans up', () => rmSync(folder, { recursive: true }));
});

async function writeTwice(name: string, path: string, pauseSeconds: number): Promise<void> {
  const { samples, sampleRateHz } = await readWavFile(join(import.meta.dirname, `../fixtures/audio/${name}.wav`));
  const writer = new WavWriter({ filePath: path, sampleRateHz, channels: 1 });
  for (const part of [samples, new Float32Array(pauseSeconds * sampleRateHz), samples]) writer.write(part);
  writer.close();
}
