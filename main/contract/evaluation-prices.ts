import { z } from 'zod';

/** A dated price, as its service meters. A user's own file has the same shape. */
export const priceSchema = z.object({
  id: z.string(),
  label: z.string(),
  /** Architectures that are billed like this. Empty: shown for comparison only. */
  architectureIds: z.array(z.string()).default([]),
  currency: z.string().default('USD'),
  date: z.string(),
  source: z.string(),
  meter: z.discriminatedUnion('type', [
    z.object({ type: z.literal('connected-minute'), perMinute: z.number() }),
    /** Per component: minutes of the user's speech, of the agent's, and of the connection. */
    z.object({ type: z.literal('component'), perUserMinute: z.number(), perAgentMinute: z.number(), perMinute: z.number() }), // prettier-ignore
    /** Audio tokens; every answer bills all audio before it once more, at the cached rate. */
    z.object({
      type: z.literal('tokens'),
      inPerMillion: z.number(),
      cachedPerMillion: z.number(),
      outPerMillion: z.number(),
      userTokensPerMinute: z.number(),
      agentTokensPerMinute: z.number(),
    }),
  ]),
});
export const pricesSchema = z.object({ version: z.literal(1), prices: z.array(priceSchema) });
export type Price = z.infer<typeof priceSchema>;
