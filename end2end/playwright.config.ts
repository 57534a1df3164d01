import { defineConfig } from '@playwright/test';
import path from 'node:path';

/** What the specs may choose per project; see support/test.ts. */
export type Options = { database: 'sqlite' | 'postgres' };

export default defineConfig<{}, Options>({
  testDir: '.',
  outputDir: path.join(__dirname, 'test-results'),
  // A test waits on conditions and passes the first time; a second try would hide a race.
  retries: 0,
  workers: 2,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? '../target/end2end.json' }]],
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.YANLU_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
  },
  projects: [
    { name: 'sqlite', use: { database: 'sqlite' }, testIgnore: 'speed.spec.ts' },
    {
      // What is stored and read back differently; how pages look does not depend on the database.
      name: 'postgres',
      use: { database: 'postgres' },
      testMatch: ['public/**/*.spec.ts', 'staff/**/*.spec.ts', 'no-script/**/*.spec.ts'],
    },
    // Held against the clock: `cargo xtask test` runs it by itself, after the others.
    { name: 'speed', use: { database: 'sqlite' }, testMatch: 'speed.spec.ts' },
  ],
});
