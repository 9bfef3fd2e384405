import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ParleyError } from '../../contract/errors.ts';
import { judgementSchema, type Judgement, type PreferenceTally } from '../../contract/evaluation.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { signTest } from '../scoring/sign-test.ts';

const FILE = 'judgements.json';
const SIGNIFICANT = 0.05;

/** Throws `bad-input` for a file that cannot be read: it is not written over. */
export async function readJudgements(folder: string): Promise<Judgement[]> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw ParleyError.from(cause, 'app');
  }
  try {
    return z.array(judgementSchema).parse(JSON.parse(text));
  } catch (cause) {
    throw new ParleyError({ code: 'bad-input', stage: 'app', message: `${FILE} cannot be read`, detail: FILE, cause });
  }
}

/** Takes the place of one on the same two answers, in whichever order they were heard. */
export async function addJudgement(folder: string, judgement: Judgement): Promise<void> {
  const others = (await readJudgements(folder)).filter((each) => subject(each) !== subject(judgement));
  await writeFileAtomically(join(folder, FILE), `${JSON.stringify([...others, judgement], undefined, 1)}\n`);
}

/** Every two architectures that were heard against each other. Judgements of one architecture against itself say nothing and are left out. */
export function tallies(judgements: readonly Judgement[]): PreferenceTally[] {
  const between = judgements.filter(({ a, b }) => a.architectureId !== b.architectureId);
  const pairs = Map.groupBy(between, ({ a, b }) => [a.architectureId, b.architectureId].toSorted().join('\n'));
  return [...pairs]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([pair, some]) => {
      const [a, b] = pair.split('\n') as [string, string];
      const wins = (id: string): number => some.filter((each) => preferredId(each) === id).length;
      const [aWins, bWins] = [wins(a), wins(b)];
      const p = signTest(aWins, bWins);
      return {
        a,
        b,
        aWins,
        bWins,
        ties: some.length - aWins - bWins,
        firstWins: some.filter(({ preferred }) => preferred === 'a').length,
        p,
        verdict: p >= SIGNIFICANT ? 'no difference shown' : aWins > bWins ? 'A is preferred' : 'B is preferred',
      };
    });
}

function preferredId({ a, b, preferred }: Judgement): string | null {
  return preferred === 'neither' ? null : { a, b }[preferred].architectureId;
}

function subject({ turnId, a, b }: Judgement): string {
  const heard = [a, b].map(({ architectureId, repetition }) => `${architectureId} ${repetition}`);
  return [turnId, ...heard.toSorted()].join('\n');
}
