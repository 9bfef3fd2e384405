import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { missingModels, modelsDir } from '../fixtures/real-app.ts';

// The real program with its children; only the language model is a server of the test, which sees what is asked of it and knows the key.

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'reads /proc');
test.skip(missingModels() !== undefined, missingModels());

const KEYS = {
  OPENAI_API_KEY: 'canary-openai-3b1f9d6e7c',
  PARLEY_ENDPOINT_API_KEY: 'canary-endpoint-51c0a97e2d',
  GEMINI_API_KEY: 'canary-gemini-8d24f1b06a',
  GOOGLE_API_KEY: 'canary-google-e17b3c9f52',
  ULTRAVOX_API_KEY: 'canary-ultravox-2f86d0c41b',
  PARLEY_MCP_WEATHER_TOKEN: 'canary-mcp-9a07e5d3f8',
};
const TYPED_KEY = 'canary-typed-c83e12f7a4';
const CANARY = /canary-[a-z]+-/;

let server: FakeOpenAiServer;
let app: ChildProcess;
let page: Page;
let dataDir: string;
let printed = '';

test.beforeAll(async ({ browser }) => {
  server = await FakeOpenAiServer.start();
  server.capacityTokens = 5000;
  dataDir = mkdtempSync(join(tmpdir(), 'parley-e2e-keys-'));
  symlinkSync(modelsDir, join(dataDir, 'models'));
  const main = join(import.meta.dirname, '../../main/node-main.ts');
  app = spawn(process.execPath, [main, '--no-open', '--port', '0', '--audio', 'none', '--data-dir', dataDir], {
    env: {
      ...process.env,
      ...KEYS,
      PARLEY_LOG: 'debug',
      PARLEY_ENDPOINT_URL: server.baseUrl,
      PARLEY_ENDPOINT_MODEL: 'stand-in',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  app.stdout!.on('data', (chunk) => (printed += String(chunk)));
  app.stderr!.on('data', (chunk) => (printed += String(chunk)));
  await expect.poll(() => printed, { timeout: 40_000 }).toContain('Parley is listening');
  // One page for all: the address lets one browser in.
  page = await browser.newPage();
  await page.goto(/^Parley is ready: (\S+)$/m.exec(printed)![1]!);
});

test.afterAll(async () => {
  await page.close();
  app.kill('SIGTERM');
  if (app.exitCode === null) await once(app, 'exit');
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('in mid-conversation another architecture takes over with what was said, and the first one again after it', async () => {
  await say('Tell me something about glaciers in Norway please');
  await switchTo('Naive cascade');
  await say('And how would volcanoes compare with them');
  await switchTo('Cascade on this machine');
  await say('Which of the two would you rather visit');
  const by = await page
    .getByTestId('answered-by')
    .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-architecture')));
  expect(by).toEqual(['cascade', 'naive-cascade', 'cascade']);
  const asked = JSON.stringify(server.requests.at(-1)!.body.messages);
  expect(asked).toContain('glaciers');
  expect(asked).toContain('volcanoes');
});

test('keys are in no file, no log, no output, no window and no child, whatever goes wrong', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/settings/providers`);
  await page.getByRole('button', { name: 'Add a key for Google Gemini' }).click();
  await page.getByRole('textbox', { name: 'Key' }).fill(TYPED_KEY);
  await page.keyboard.press('Enter');
  await expect(page.getByText(`A key is known, ending in ${TYPED_KEY.slice(-4)}.`)).toBeVisible();
  // What it takes a key for it was given: the server has seen one.
  expect(server.requests.at(-1)!.authorization).toBe(`Bearer ${KEYS.PARLEY_ENDPOINT_API_KEY}`);

  // Servers do quote the key that they refuse.
  const message = `Incorrect API key provided: ${KEYS.PARLEY_ENDPOINT_API_KEY}`;
  server.behaviour = { type: 'status', status: 401, body: { error: { message, code: 'invalid_api_key' } } };
  await page.getByRole('link', { name: 'Talk', exact: true }).click();
  await page.getByRole('textbox', { name: 'Type' }).fill('Does anybody mind if this turn fails badly');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('failure').last()).toBeVisible();
  const before = childrenOf(app.pid!);
  expect(before.length).toBeGreaterThan(2);
  const seen = before.map(whatItKnows);
  const victim = before.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').includes('think'))!;
  process.kill(victim, 'SIGKILL');
  await expect.poll(() => childrenOf(app.pid!).filter((pid) => !before.includes(pid))).toHaveLength(1);
  seen.push(...childrenOf(app.pid!).map(whatItKnows));

  expect(seen.filter((each) => CANARY.test(each))).toEqual([]);
  expect(await page.content()).not.toMatch(CANARY);
  expect(printed).not.toMatch(CANARY);
  const files = filesBelow(dataDir);
  expect(files.map((file) => file.slice(dataDir.length))).toContain('/logs/parley.log');
  expect(files.filter((file) => CANARY.test(readFileSync(file, 'latin1')))).toEqual([]);
});

async function say(text: string): Promise<void> {
  const done = page.locator('[data-role="agent"] [data-status="done"]');
  const before = await done.count();
  await page.getByRole('textbox', { name: 'Type' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(done).toHaveCount(before + 1, { timeout: 20_000 });
}

async function switchTo(label: string): Promise<void> {
  await page.getByTestId('architecture').click();
  await page.getByRole('button', { name: label }).click();
  await expect(page.getByTestId('architecture')).toHaveAccessibleName(`Answered by: ${label}`);
  await expect(page.getByTestId('architecture')).not.toContainText('Switching');
}

/** Environment and command line. */
function whatItKnows(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1') + readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Without what was only lent: the models. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && statSync(path).size > 0 ? [path] : [];
  });
}
