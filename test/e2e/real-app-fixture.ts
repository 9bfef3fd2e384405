import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, expect, test as base, type Browser, type Page } from '@playwright/test';
import config, { BROWSER_ARGS } from '../../playwright.config.ts';
import { missingModels } from '../fixtures/real-app.ts';

const MAIN_FILE = join(import.meta.dirname, '../../main/node-main.ts');

/** The app from its sources, with its engines and the user's models, in a folder of its own; and browsers that belong to it. */
export class RealApp {
  /** Its settings, caches and records. */
  readonly folder: string;
  #process: ChildProcess | undefined;
  #browser: Browser | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<RealApp> {
    return new RealApp(await mkdtemp(join(tmpdir(), 'parley-e2e-')));
  }

  /** Its address, once it listens. `env` takes the place of what makes it keep its files in `folder`. */
  async start({ audio, env }: { audio: 'none' | 'browser'; env?: Record<string, string> }): Promise<string> {
    const own = env ?? { XDG_CONFIG_HOME: this.folder, XDG_CACHE_HOME: this.folder };
    this.#process = spawn(process.execPath, [MAIN_FILE, '--no-open', '--port', '0', '--audio', audio], {
      env: { ...process.env, ...own },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let url: string | undefined;
    for await (const line of createInterface(this.#process.stdout!)) {
      url ??= /^Parley is ready: (\S+)$/.exec(line)?.[1];
      if (line === 'Parley is listening') return url!;
    }
    throw new Error('the app ended before it listened');
  }

  /** A page of a browser of its own, whose microphone is a WAV that is played once. `soundEnv`: where its sound goes; default nowhere. */
  async openPage(url: string, options: { microphone: string; soundEnv?: Record<string, string> }): Promise<Page> {
    const { microphone, soundEnv } = options;
    this.#browser = await chromium.launch({
      ...config.use!.launchOptions,
      ...(soundEnv && { env: { ...(process.env as Record<string, string>), ...soundEnv } }),
      ...(soundEnv && { ignoreDefaultArgs: ['--mute-audio'] }),
      args: [
        ...BROWSER_ARGS,
        '--autoplay-policy=no-user-gesture-required',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone}%noloop`,
      ],
    });
    const page = await this.#browser.newPage();
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    if (this.#process && this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Skips, with the reason, where the models are not installed. */
export const test = base.extend<{ app: RealApp }>({
  app: async ({}, use, info) => {
    const reason = missingModels();
    info.skip(reason !== undefined, reason);
    const app = await RealApp.create();
    await use(app);
    await app.close();
  },
});

/** From then on the microphone hears the WAV. */
export async function useThisTab(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: /^Microphone/ }).click();
  await page.getByRole('option', { name: 'This browser tab' }).click();
}

export { expect };
