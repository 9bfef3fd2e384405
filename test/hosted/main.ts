// npm run test:hosted: the suite that every architecture passes, with a real voice, against the vendors whose keys are in the environment.
import { parseArgs } from 'node:util';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { hostedProviders } from './providers.ts';
import { hasFailed, planLines, resultLines } from './report.ts';
import { runHosted } from './run-hosted.ts';

const HELP = `Usage: npm run test:hosted -- [options]

Talks to hosted speech-to-speech models with your own keys: OPENAI_API_KEY, GEMINI_API_KEY (or GOOGLE_API_KEY), ULTRAVOX_API_KEY;
and to a server of OpenAI's Realtime protocol: PARLEY_REALTIME_URL, PARLEY_REALTIME_MODEL, PARLEY_REALTIME_KEY.
What has no key is skipped and reported. About 3 minutes a provider, at most 6.

  --only <list>  some of openai-realtime,gemini-live,ultravox,realtime-server (default all)
  --plan         says what would be run and what it costs, and opens nothing`;

const say = (line: string): void => console.log(line);

try {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, plan: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) say(HELP);
  else process.exitCode = await run(values);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// A socket that a vendor does not close must not keep the program.
process.exit();

async function run({ only, plan }: { only?: string; plan?: boolean }): Promise<number> {
  const clock = new MonotonicClock();
  const all = hostedProviders(process.env, clock);
  const names = only?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !all.some(({ id }) => id === name));
  if (unknown !== undefined) throw new Error(`no provider is called "${unknown}"`);
  const providers = all.filter(({ id }) => names?.includes(id) ?? true);
  for (const line of planLines(providers)) say(line);
  if (plan) return 0;
  say('');
  const results = await runHosted(providers, { clock, say });
  say('');
  for (const line of resultLines(results)) say(line);
  return hasFailed(results) ? 1 : 0;
}
