import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { captureChainSettingsSchema, DEFAULT_CAPTURE_CHAIN } from '../contract/capture-chain.ts';
import { ParleyError } from '../contract/errors.ts';
import { endpointSchema } from '../contract/models.ts';
import { DEFAULT_MODE_PREFERENCES, preferencesSchema } from '../contract/preferences.ts';
import { DEFAULT_REALTIME_ENDPOINT, realtimeEndpointSettingsSchema } from '../contract/realtime-endpoint.ts';
import { audioDriverSchema, inputModeSchema } from '../contract/state.ts';
import { DEFAULT_SPEAKING_SETTINGS } from '../contract/speaking-settings.ts';
import { DEFAULT_SPEECH_TO_SPEECH } from '../contract/speech-to-speech.ts';
import { DEFAULT_TURN_SETTINGS } from '../contract/turn-settings.ts';
import { DEFAULT_TOOL_SETTINGS, toolSettingsSchema } from '../contract/tools.ts';
import { DEFAULT_VOICE_CUES, voiceCueSettingsSchema } from '../contract/voice-cues.ts';
import { DEFAULT_WEB_PORT } from '../contract/web-host.ts';
import type { Logger } from '../ports/logger.ts';
import { writeFileAtomically } from './atomic-file.ts';

const fields = {
  inputMode: inputModeSchema,
  audioDriver: audioDriverSchema,
  /** Of main/app-architectures.ts; one that cannot be opened falls back to the cascade. */
  architectureId: z.string(),
  /** null: the system's default device. */
  inputDeviceId: z.string().nullable(),
  outputDeviceId: z.string().nullable(),
  /** Catalogue ids of models; null: the starter model. */
  asrModelId: z.string().nullable(),
  llmModelId: z.string().nullable(),
  ttsModelId: z.string().nullable(),
  vadModelId: z.string().nullable(),
  /** `none`: without. */
  turnModelId: z.string().nullable(),
  /** An OpenAI-compatible server to think with, instead of a model on this machine. */
  endpoint: endpointSchema.nullable(),
  ...captureChainSettingsSchema.shape,
  ...preferencesSchema.shape,
  ...toolSettingsSchema.shape,
  ...voiceCueSettingsSchema.shape,
  /** Parley as a Realtime endpoint for other programs of this machine (docs/speech-to-speech.md). */
  // Files from before there was a choice do not have it.
  realtimeServer: realtimeEndpointSettingsSchema.extend({ architectureId: z.string().default('cascade') }),
  /** Of the web host; 0: any free one. */
  port: z.number().int().min(0).max(65_535),
};
export const settingsSchema = z.object(fields);
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  inputMode: 'hands-free',
  audioDriver: 'portaudio',
  architectureId: 'cascade',
  inputDeviceId: null,
  outputDeviceId: null,
  asrModelId: null,
  llmModelId: null,
  ttsModelId: null,
  vadModelId: null,
  turnModelId: null,
  endpoint: null,
  ...DEFAULT_CAPTURE_CHAIN,
  ...DEFAULT_TURN_SETTINGS,
  ...DEFAULT_SPEAKING_SETTINGS,
  ...DEFAULT_SPEECH_TO_SPEECH,
  ...DEFAULT_MODE_PREFERENCES,
  ...DEFAULT_TOOL_SETTINGS,
  ...DEFAULT_VOICE_CUES,
  realtimeServer: DEFAULT_REALTIME_ENDPOINT,
  port: DEFAULT_WEB_PORT,
};

/** What the app needs of its settings; tests give it some in memory. */
export interface SettingsStore {
  readonly current: Readonly<Settings>;
  /** Things the user should know about how the settings were read, in plain words. */
  readonly notices: readonly string[];
  /** Changes some settings; `current` has them at once, the promise resolves when they are on disk. Throws `bad-input`, `disk-full`, `internal`. */
  update(patch: Partial<Settings>): Promise<void>;
}

/**
 * Settings in a JSON file. Missing or wrong values fall back to the defaults one by one; a file that is not a JSON object is renamed
 * to `<file>.bad` and defaults are used; keys that this version does not know are kept. Writes are atomic and come one after another.
 */
export class SettingsFile implements SettingsStore {
  readonly notices: readonly string[];
  readonly #file: string;
  readonly #unknown: Record<string, unknown>;
  #current: Settings;
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(file: string, read: ReadSettings) {
    this.#file = file;
    this.#current = read.settings;
    this.#unknown = read.unknown;
    this.notices = read.notices;
  }

  /** Throws `internal` when the file is there but cannot be read (permissions). */
  static async open(file: string, logger?: Logger): Promise<SettingsFile> {
    const read = await readSettings(file);
    for (const notice of read.notices) logger?.warn('settings were not read as written', { notice });
    return new SettingsFile(file, read);
  }

  get current(): Readonly<Settings> {
    return this.#current;
  }

  async update(patch: Partial<Settings>): Promise<void> {
    const parsed = settingsSchema.safeParse({ ...this.#current, ...patch });
    if (!parsed.success) {
      throw new ParleyError({ code: 'bad-input', stage: 'app', detail: parsed.error.issues[0]?.path.join('.') });
    }
    this.#current = parsed.data;
    const write = this.#lastWrite.then(() => this.#write());
    this.#lastWrite = write.catch(() => {});
    await write;
  }

  async #write(): Promise<void> {
    try {
      await writeFileAtomically(
        this.#file,
        `${JSON.stringify({ ...this.#unknown, ...this.#current }, undefined, 2)}\n`,
      );
    } catch (cause) {
      throw ParleyError.from(
        cause,
        'app',
        (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk-full' : 'internal',
      );
    }
  }
}

interface ReadSettings {
  settings: Settings;
  unknown: Record<string, unknown>;
  notices: string[];
}

async function readSettings(file: string): Promise<ReadSettings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      return { settings: DEFAULT_SETTINGS, unknown: {}, notices: [] };
    throw ParleyError.from(cause, 'app');
  }
  const object = parseObject(text);
  if (!object) {
    await rename(file, `${file}.bad`);
    const notice = `The settings file could not be read. It was set aside as ${file}.bad, and Parley starts with its defaults.`;
    return { settings: DEFAULT_SETTINGS, unknown: {}, notices: [notice] };
  }
  return checkEach(object);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function checkEach(object: Record<string, unknown>): ReadSettings {
  const accepted: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  const unknown: Record<string, unknown> = {};
  const notices: string[] = [];
  for (const [key, value] of Object.entries(object)) {
    const field = Object.hasOwn(fields, key) ? fields[key as keyof typeof fields] : undefined;
    if (!field) {
      unknown[key] = value;
      continue;
    }
    const parsed = field.safeParse(value);
    if (parsed.success) accepted[key] = parsed.data;
    else notices.push(`The setting "${key}" has a value that Parley does not understand; its default is used.`);
  }
  return { settings: settingsSchema.parse(accepted), unknown, notices };
}
