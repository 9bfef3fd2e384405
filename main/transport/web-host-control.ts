import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ParleyError } from '../contract/errors.ts';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import { OPEN_LINK_PATH } from './http-server.ts';

/**
 * How other programs of the same user find the running web host: a file in the run directory that only the user can read, with the
 * port and a secret of this run. `npx parley open` asks for a new link with it.
 */
const controlSchema = z.object({ port: z.number().int(), pid: z.number().int(), secret: z.string() });
type Control = z.infer<typeof controlSchema>;

const controlFile = (runDir: string): string => join(runDir, 'web-host.json');
const keyFile = (runDir: string): string => join(runDir, 'web-host.key');
const ASK_TIMEOUT_MS = 3000;

export async function writeControl(runDir: string, control: Control): Promise<void> {
  await writeFileAtomically(controlFile(runDir), `${JSON.stringify(control)}\n`);
}

/** Removes the file of this run; that of a Parley which was started later stays. */
export async function removeControl(runDir: string, pid: number): Promise<void> {
  if ((await readControl(runDir))?.pid === pid) await rm(controlFile(runDir), { force: true });
}

/** A new one-time address of the running web host. Throws `not-running`. */
export async function requestOpenUrl(runDir: string): Promise<string> {
  const control = await readControl(runDir);
  if (!control) throw new ParleyError({ code: 'not-running', stage: 'app' });
  try {
    const response = await fetch(`http://127.0.0.1:${control.port}${OPEN_LINK_PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.secret}` },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    return z.object({ url: z.string() }).parse(await response.json()).url;
  } catch (cause) {
    throw new ParleyError({ code: 'not-running', stage: 'app', cause });
  }
}

/** The key that signs cookies, made on first use. Kept, so that open tabs can reconnect after a restart. */
export async function cookieKey(runDir: string): Promise<Uint8Array> {
  const kept = await readFile(keyFile(runDir), 'utf8').catch(() => '');
  const key = Buffer.from(kept.trim(), 'base64url');
  if (key.byteLength === 32) return key;
  const fresh = randomBytes(32);
  // Without a place to keep it, tabs have to be opened anew after a restart: no reason not to start.
  await writeFileAtomically(keyFile(runDir), `${fresh.toString('base64url')}\n`).catch(() => {});
  return fresh;
}

async function readControl(runDir: string): Promise<Control | undefined> {
  try {
    return controlSchema.parse(JSON.parse(await readFile(controlFile(runDir), 'utf8')));
  } catch {
    return undefined;
  }
}
