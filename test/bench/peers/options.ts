import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROWS, type Row } from './plan.ts';

export const HELP = `Usage: npm run bench:peers -- [options]

  --rows <list>     some of ${ROWS.join(',')} (default both)
  --turns <number>  at most so many clips of each kind to each product
  --quick           a few clips: shows in some minutes that everything works, no figures to quote
  --source          runs Parley's sources instead of the built app
  --out <folder>    peers.json (everything), bench.log, and a file for each session; sessions that are there already are
                    not measured again. Default: a new folder among the temporary ones
  --keep <folder>   recordings of both wires, with labels, and what the products have printed

Speaks the same clips to Parley and to Pipecat through the same virtual sound devices, A B B A, and scores the recordings (docs/benchmarks.md).
Pipecat's Python environment is made at the first run, in the cache folder.
About 25 minutes for same-weights, 12 for defaults, on a machine that does nothing else.`;

export interface PeersOptions {
  rows: readonly Row[];
  maxTurns: number;
  isQuick: boolean;
  form: 'built' | 'source';
  outFolder: string | undefined;
  keepFolder: string | undefined;
}

/** Throws with a sentence for the user when something is wrong; undefined when only help was asked for. */
export function parsePeersOptions(args: string[]): PeersOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: ROWS.join(',') },
      turns: { type: 'string', default: 'Infinity' },
      quick: { type: 'boolean', default: false },
      source: { type: 'boolean', default: false },
      out: { type: 'string' },
      keep: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const maxTurns = Number(values.turns);
  if (!(maxTurns >= 2)) throw new Error('--turns takes a number from 2 on: each product has two sessions');
  return {
    rows: values.rows.split(',').map(rowNamed),
    maxTurns,
    isQuick: values.quick,
    form: values.source ? 'source' : 'built',
    outFolder: values.out && resolve(values.out),
    keepFolder: values.keep && resolve(values.keep),
  };
}

function rowNamed(name: string): Row {
  const row = ROWS.find((candidate) => candidate === name.trim());
  if (!row) throw new Error(`--rows knows ${ROWS.join(', ')}, not "${name}"`);
  return row;
}
