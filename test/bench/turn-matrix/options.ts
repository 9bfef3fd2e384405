import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EndpointingChoice } from '../../../main/contract/turn-settings.ts';
import { CELL_KINDS, type CellKind } from './cells/cell.ts';
import { POLICIES, type Plan } from './cells/plan.ts';
import { CONDITION_NAMES, type ConditionName } from '../../../main/evaluation/room/conditions.ts';

export const HELP = `Usage: npm run bench:turns -- [options]

  --only <list>          some of ${CELL_KINDS.join(',')} (default all)
  --conditions <list>    some of ${CONDITION_NAMES.join(',')}
  --policies <list>      some of ${POLICIES.join(',')}
  --turns <number>       at most so many clips of each session
  --talk-minutes <n>     how long the app talks through the loudspeaker (default 10)
  --jobs <number>        sessions side by side (default 2)
  --quick                a few clips of two conditions: shows in some minutes that everything works, no figures to quote
  --results <folder>     the result of each session; those that are there already are not measured again
  --json <file>          all results, with every turn
  --keep <folder>        recordings of both sides, and what a window was told

Talks to the app with its real engines in simulated rooms and scores the recordings. docs/turn-taking.md has the method.
Recorded commands and noises are taken from the folder PARLEY_TEST_DATA, if it is set.`;

export interface MatrixOptions {
  plan: Plan;
  jobs: number;
  resultFolder: string | undefined;
  jsonFile: string | undefined;
  keepFolder: string | undefined;
}

const SHORT_TURNS = 100;
const QUICK = { conditions: 'clean,babble', turns: '6', talkMinutes: '0.5' };

/** Throws with a sentence for the user when something is wrong; undefined when only help was asked for. */
export function parseMatrixOptions(args: string[]): MatrixOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: CELL_KINDS.join(',') },
      conditions: { type: 'string' },
      policies: { type: 'string', default: POLICIES.join(',') },
      turns: { type: 'string' },
      'talk-minutes': { type: 'string' },
      jobs: { type: 'string', default: '2' },
      quick: { type: 'boolean', default: false },
      results: { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const conditions = values.conditions ?? (values.quick ? QUICK.conditions : CONDITION_NAMES.join(','));
  const maxTurns = positive('turns', values.turns ?? (values.quick ? QUICK.turns : 'Infinity'));
  const talkMinutes = positive('talk-minutes', values['talk-minutes'] ?? (values.quick ? QUICK.talkMinutes : '10'));
  return {
    plan: {
      kinds: new Set(chosen<CellKind>('only', values.only, CELL_KINDS)),
      conditions: chosen<ConditionName>('conditions', conditions, CONDITION_NAMES),
      policies: chosen<EndpointingChoice>('policies', values.policies, POLICIES),
      maxTurns: Math.min(maxTurns, Number.MAX_SAFE_INTEGER),
      shortTurns: Math.min(SHORT_TURNS, maxTurns),
      talkSeconds: talkMinutes * 60,
    },
    jobs: positive('jobs', values.jobs),
    resultFolder: values.results && resolve(values.results),
    jsonFile: values.json && resolve(values.json),
    keepFolder: values.keep && resolve(values.keep),
  };
}

function chosen<T extends string>(option: string, list: string, known: readonly T[]): T[] {
  return list.split(',').map((name) => {
    const item = known.find((candidate) => candidate === name.trim());
    if (item === undefined) throw new Error(`--${option} knows ${known.join(', ')}, not "${name}"`);
    return item;
  });
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option} takes a number above 0`);
  return value;
}
