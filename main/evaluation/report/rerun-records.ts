import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rerun } from '../../contract/evaluation-report.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { CELL_VERSION, type CellRecord } from '../run/cell.ts';
import { scoreCell } from '../scoring/score-cell.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';
import { agentChannel } from './turn-wav.ts';

/** Beside the cells, so that they are never taken for one. */
const FOLDER = 'reruns';

/** A turn that was run again; its recording lies beside it. */
export interface RerunRecord {
  rerun: Omit<Rerun, 'turn' | 'error'>;
  record: CellRecord;
}

export function rerunsFolder(folder: string): string {
  return join(folder, FOLDER);
}

export async function writeRerun(folder: string, written: RerunRecord): Promise<void> {
  await writeFileAtomically(join(rerunsFolder(folder), `${written.rerun.id}.json`), `${JSON.stringify(written)}\n`);
}

/** Scored from their recordings, in order of time. What cannot be read is left out: nothing hangs on it. */
export async function readReruns(folder: string): Promise<Rerun[]> {
  const names = await readdir(rerunsFolder(folder)).catch(() => []);
  const reruns: Rerun[] = [];
  for (const name of names.filter((each) => each.endsWith('.json')).toSorted()) {
    const rerun = await readRerun(folder, name).catch(() => null);
    if (rerun) reruns.push(rerun);
  }
  return reruns.toSorted((a, b) => a.at.localeCompare(b.at));
}

async function readRerun(folder: string, name: string): Promise<Rerun | null> {
  const { rerun, record } = JSON.parse(await readFile(join(rerunsFolder(folder), name), 'utf8')) as RerunRecord;
  if (record.version !== CELL_VERSION) return null;
  if (record.error !== null) return { ...rerun, turn: null, error: record.error };
  const audioFile = `${FOLDER}/${rerun.id}.wav`;
  const samples = agentChannel(await readFile(join(folder, audioFile)));
  const turns = scoreCell(record, { samples, sampleRateHz: ROOM_RATE_HZ }, audioFile);
  return { ...rerun, turn: turns.at(-1) ?? null, error: null };
}
