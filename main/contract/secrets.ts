import { z } from 'zod';
import { serialisedErrorSchema } from './errors.ts';

/** Whom a key is for. `endpoint`: the OpenAI-compatible server of the models view, which may need none. */
export const providerIdSchema = z.enum(['openai', 'gemini', 'ultravox', 'endpoint']);
export type ProviderId = z.infer<typeof providerIdSchema>;

/**
 * Where keys that are typed into the window go. `key-store`: the system's; `plain-text`: a file that anybody with access to this account's
 * files can read (Linux without a key store); `memory`: nowhere, they are forgotten when the program ends.
 */
export const keyKeepingSchema = z.enum(['key-store', 'plain-text', 'memory']);
export type KeyKeeping = z.infer<typeof keyKeepingSchema>;

/** A key as windows may know it: never the key itself. */
export const knownKeySchema = z.object({
  /** `window`: was typed in; goes before one of the `environment`. */
  from: z.enum(['window', 'environment']),
  /** The last four characters, as providers' own lists of keys show them; empty for a key so short that four would give it away. */
  fingerprint: z.string().max(4),
});
export type KnownKey = z.infer<typeof knownKeySchema>;

export const providerTestSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('running') }),
  z.object({ status: z.literal('connected') }),
  z.object({ status: z.literal('failed'), error: serialisedErrorSchema }),
]);
export type ProviderTest = z.infer<typeof providerTestSchema>;

export const providerSchema = z.object({
  id: providerIdSchema,
  label: z.string(),
  /** What its key makes possible, in a sentence. */
  purpose: z.string(),
  /** The environment variable that its key is also taken from. */
  variable: z.string(),
  key: knownKeySchema.nullable(),
  /** There is an architecture that connects to it. */
  canTest: z.boolean(),
  /** Of this run and this key; null: not tested yet. */
  test: providerTestSchema.nullable(),
});
export type Provider = z.infer<typeof providerSchema>;

export const providersStateSchema = z.object({ keeping: keyKeepingSchema, providers: z.array(providerSchema) });
export type ProvidersState = z.infer<typeof providersStateSchema>;

/** Long enough for every provider's; without spaces, which come along when something else was copied. */
const keySchema = z
  .string()
  .trim()
  .min(8)
  .max(512)
  .regex(/^[\x21-\x7e]+$/);

export const secretCommands = [
  z.object({ type: z.literal('set-provider-key'), providerId: providerIdSchema, key: keySchema }),
  z.object({ type: z.literal('remove-provider-key'), providerId: providerIdSchema }),
  /** Opens a session and closes it again. Answered at once; the state has the result. */
  z.object({ type: z.literal('test-provider'), providerId: providerIdSchema }),
] as const;
export type SecretCommand = z.infer<(typeof secretCommands)[number]>;
