import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { ParleyError } from '../../contract/errors.ts';
import { CONDITION_NAMES } from '../room/conditions.ts';
import { suiteSchema, type Suite } from './scenario.ts';

/** Reads a suite. Throws `bad-input` whose message says the file, line and column of everything that is wrong. */
export function parseSuite(text: string, file: string): Suite {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw wrong(document.errors.map(({ message, pos }) => `${place(file, lines, pos[0])}: ${message.split('\n')[0]}`));
  }
  const parsed = suiteSchema.safeParse(document.toJS());
  if (!parsed.success) {
    throw wrong(
      parsed.error.issues.map(({ path, message }) => {
        const name = path.length > 0 ? `${path.join('.')}: ` : '';
        return `${place(file, lines, offsetOf(document, path))}: ${name}${message}`;
      }),
    );
  }
  for (const [i, { room }] of parsed.data.scenarios.entries()) {
    if ((CONDITION_NAMES as string[]).includes(room)) continue;
    const at = place(file, lines, offsetOf(document, ['scenarios', i, 'room']));
    throw wrong([`${at}: room: there are ${CONDITION_NAMES.join(', ')}`]);
  }
  return { ...parsed.data, folder: dirname(file) };
}

/** By name (of a shipped suite), by file, or `all` shipped ones. Throws `bad-input`. */
export async function loadSuites(names: readonly string[], suitesDir: string): Promise<Suite[]> {
  const shipped = await shippedSuites(suitesDir);
  const files = names.flatMap((name) => {
    if (name === 'all') return [...shipped.values()];
    if (extname(name) !== '') return [name];
    const file = shipped.get(name);
    if (file === undefined) throw wrong([`no suite is called "${name}"; there are ${[...shipped.keys()].join(', ')}`]);
    return [file];
  });
  return Promise.all([...new Set(files)].map(readSuite));
}

/** Files of the shipped suites by name, in order of name. */
export async function shippedSuites(suitesDir: string): Promise<Map<string, string>> {
  const files = (await readdir(suitesDir)).filter((name) => name.endsWith('.yaml')).toSorted();
  return new Map(files.map((name) => [basename(name, '.yaml'), join(suitesDir, name)]));
}

async function readSuite(file: string): Promise<Suite> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw wrong([`${file}: there is no such file`]);
  });
  return parseSuite(text, file);
}

/** Where the value lies, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function place(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function wrong(messages: readonly string[]): ParleyError {
  return new ParleyError({ code: 'bad-input', stage: 'app', message: messages.join('\n') });
}
