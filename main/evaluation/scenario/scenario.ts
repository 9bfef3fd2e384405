import { z } from 'zod';

/** Of the suite files' shape. A file of another version is refused. */
export const SUITE_VERSION = 1;

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens');
/** Words that must occur in order ("half past seven"), or a regular expression between slashes ("/7[:.]30|half past seven/"). */
const phrase = z.string().min(1).refine(isPhrase, 'not a regular expression');

const voiceSchema = z.strictObject({
  /** Catalogue id of a voice on this machine. */
  model: z.string(),
  speaker: z.string().optional(),
});

const toolSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  description: z.string().min(1),
  /** JSON Schema of the arguments. */
  parameters: z.record(z.string(), z.unknown()).default({ type: 'object', properties: {} }),
  /** What it gives, call after call; the last is given from then on. `fail`: the tool fails and says so. */
  results: z.array(z.union([z.strictObject({ result: z.string() }), z.strictObject({ fail: z.string() })])).min(1),
});

const expectedCallSchema = z.strictObject({
  name: z.string(),
  /** Only these are looked at. Strings are compared as spoken words, or by a regular expression between slashes. */
  arguments: z.record(z.string(), z.unknown()).default({}),
});

const expectSchema = z.strictObject({
  /** Whether the agent should take the floor. Default: yes after turns and interruptions, no after backchannels and noises. */
  answer: z.boolean().optional(),
  /** Voice to voice at most. Later is late. Default: 2000, or 3000 where a tool is expected. */
  within_ms: z.number().positive().optional(),
  says: z.array(phrase).default([]),
  never_says: z.array(phrase).default([]),
  /** `none`: no tool may be called. Absent: not looked at. */
  tools: z.union([z.literal('none'), z.array(expectedCallSchema).min(1)]).optional(),
  tools_in_order: z.boolean().default(true),
});

const turnSchema = z
  .strictObject({
    /** Spoken by a voice; numbers in a list are pauses in milliseconds. */
    say: z.union([z.string().min(1), z.array(z.union([z.string().min(1), z.number().positive()])).min(1)]).optional(),
    /** A WAV file, relative to the suite's file. `text`: what is said in it. */
    audio: z.string().optional(),
    text: z.string().optional(),
    sound: z.enum(['cough', 'door']).optional(),
    as: z.enum(['turn', 'interruption', 'backchannel', 'noise']).default('turn'),
    /** `answer`: when the answer is over; `answer-start`: into it; `speech`: after the user's own words before. */
    after: z.enum(['answer', 'answer-start', 'speech']).optional(),
    /** After that moment. Default: 400, and 1500 after `answer-start`. */
    delay_ms: z.number().min(0).max(60_000).optional(),
    voice: voiceSchema.optional(),
    speed: z.number().min(0.5).max(2).optional(),
    /** How much higher the voice is than its own. */
    pitch: z.number().min(0.5).max(2).optional(),
    /** Against the usual level. */
    level_db: z.number().min(-40).max(20).optional(),
    expect: expectSchema.prefault({}),
  })
  .refine(
    ({ say, audio, sound }) => [say, audio, sound].filter((each) => each !== undefined).length === 1,
    'one of say, audio and sound',
  );

const scenarioSchema = z.strictObject({
  id,
  title: z.string().min(1),
  /** What the model is told to be, beside its own prompt. */
  instructions: z.string().optional(),
  tools: z.array(toolSchema).default([]),
  /** Name of a simulated room or device. */
  room: z.string().default('clean'),
  voice: voiceSchema.optional(),
  turns: z.array(turnSchema).min(1).max(200),
});

export const suiteSchema = z.strictObject({
  version: z.literal(SUITE_VERSION),
  suite: id,
  title: z.string().min(1),
  about: z.string().min(1),
  voice: voiceSchema.optional(),
  scenarios: z
    .array(scenarioSchema)
    .min(1)
    .refine((all) => new Set(all.map((each) => each.id)).size === all.length, 'two scenarios of the same id'),
});

export type Suite = z.infer<typeof suiteSchema> & { /** Where audio files are looked for. */ folder: string };
export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioTurn = z.infer<typeof turnSchema>;
export type ScenarioTool = z.infer<typeof toolSchema>;
export type ExpectedCall = z.infer<typeof expectedCallSchema>;
export type TurnKind = ScenarioTurn['as'];
export type ScenarioVoice = z.infer<typeof voiceSchema>;

/** What is said in a turn, without its pauses; null where that is not known or nothing is. */
export function spokenText({ say, text }: Pick<ScenarioTurn, 'say' | 'text'>): string | null {
  if (typeof say === 'string') return say;
  if (say) return say.filter((part) => typeof part === 'string').join(' ');
  return text ?? null;
}

/** The expression of a phrase between slashes; undefined for plain words. */
export function expressionOf(text: string): RegExp | undefined {
  const between = /^\/(.+)\/$/s.exec(text)?.[1];
  return between === undefined ? undefined : new RegExp(between, 'iu');
}

function isPhrase(text: string): boolean {
  try {
    expressionOf(text);
    return true;
  } catch {
    return false;
  }
}
