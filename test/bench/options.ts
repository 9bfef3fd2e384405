import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const MEASURES = ['cold', 'idle', 'v2v', 'partials', 'barge', 'hold', 'cascade'] as const;
export type MeasureName = (typeof MEASURES)[number];

export const HELP = `Usage: npm run bench -- [options]

  --only <list>            some of ${MEASURES.join(',')} (default all)
  --turns <number>         at most so many clips of each kind
  --quick                  a few clips and shortened answers: shows in under 3 minutes that everything works
  --source                 runs the sources instead of the built app
  --own-words              interruptions and holds on the user's language model too, instead of an answer of fixed words
  --endpoint <url>         think at this OpenAI-compatible address …
  --endpoint-model <name>  … with this model
  --json <file>            the figures, with every turn
  --keep <folder>          recordings of both wires with their labels, and the app's log

Speaks into a virtual microphone (PulseAudio null sink), records both sides on one clock, and scores the recording.
Recorded commands and noises are taken from the folder PARLEY_TEST_DATA, if it is set (docs/benchmarks.md).`;

export interface BenchOptions {
  measures: ReadonlySet<MeasureName>;
  maxTurns: number;
  isQuick: boolean;
  form: 'built' | 'source';
  ownWords: boolean;
  endpoint: { url: string; model: string } | null;
  jsonFile: string | undefined;
  keepFolder: string | undefined;
}

/** Throws with a sentence for the user when something is wrong; undefined when only help was asked for. */
export function parseOptions(args: string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: MEASURES.join(',') },
      turns: { type: 'string', default: 'Infinity' },
      quick: { type: 'boolean', default: false },
      source: { type: 'boolean', default: false },
      'own-words': { type: 'boolean', default: false },
      endpoint: { type: 'string' },
      'endpoint-model': { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { endpoint: url, 'endpoint-model': model } = values;
  if ((url === undefined) !== (model === undefined)) throw new Error('--endpoint and --endpoint-model go together');
  const maxTurns = Number(values.turns);
  if (!(maxTurns >= 1)) throw new Error('--turns takes a number from 1 on');
  return {
    measures: new Set(values.only.split(',').map(measureNamed)),
    maxTurns,
    isQuick: values.quick,
    form: values.source ? 'source' : 'built',
    ownWords: values['own-words'],
    endpoint: url !== undefined && model !== undefined ? { url, model } : null,
    jsonFile: values.json && resolve(values.json),
    keepFolder: values.keep && resolve(values.keep),
  };
}

function measureNamed(name: string): MeasureName {
  const measure = MEASURES.find((candidate) => candidate === name.trim());
  if (!measure) throw new Error(`--only knows ${MEASURES.join(', ')}, not "${name}"`);
  return measure;
}
