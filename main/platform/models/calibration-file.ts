import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrationSchema, type Calibration } from '../../contract/models.ts';
import { writeFileAtomically } from '../atomic-file.ts';

/** The last measurement of this machine. One that cannot be read counts as none. */
export async function readCalibration(dataDir: string): Promise<Calibration | null> {
  try {
    return calibrationSchema.parse(JSON.parse(await readFile(fileIn(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeCalibration(dataDir: string, calibration: Calibration): Promise<void> {
  await writeFileAtomically(fileIn(dataDir), `${JSON.stringify(calibration, null, 2)}\n`);
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'calibration.json');
}
