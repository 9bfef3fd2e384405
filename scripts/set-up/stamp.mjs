import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { inProject } from './project.mjs';

const folder = inProject('.setup');
const file = inProject('.setup', 'stamp.json');

/** What earlier runs have done, as one flat record: name of a step → what it was done for. */
export function readStamp() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Notes a step as done. Written step by step, so that a set-up that was stopped goes on where it was. */
export function stamp(name, value) {
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ ...readStamp(), [name]: value }, null, 2));
  renameSync(temporary, file);
}

export function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

export function sha256OfSmallFile(path) {
  return existsSync(path) ? sha256(readFileSync(path)) : 'absent';
}
