import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** An installed Chromium-family browser; Playwright's own is used where there is none of these. */
const installedBrowser = [
  process.env.PARLEY_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/** Nothing but the page: no first-run pages, no traffic of the browser's own. Root may not use the sandbox. */
export const BROWSER_ARGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Specs with real engines, real sound or whole processes. */
const IN_REAL_TIME =
  /(compare-real|conversation|electron|models-view|talk-view-audio|voice-cues|web-host-process)\.spec\.ts$/;

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  // `npm test` runs one project after the other: what goes by real time does not share two cores, views before a fake app do.
  projects: [
    { name: 'views', testIgnore: IN_REAL_TIME },
    { name: 'real-time', testMatch: IN_REAL_TIME, workers: 1 },
  ],
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    launchOptions: { args: BROWSER_ARGS, ...(installedBrowser && { executablePath: installedBrowser }) },
    actionTimeout: 10_000,
    screenshot: 'only-on-failure',
  },
});
