import { z } from 'zod';
import type { Cost, Figures } from './report.ts';

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

/** What a minute of these conversations costs: `sessions` have the minutes of each and how many answers were made. */
export function costOf(
  price: Price,
  sessions: readonly { minutes: Figures['minutes']; answers: number }[],
): Cost | null {
  const connected = sessions.reduce((sum, { minutes }) => sum + minutes.connected, 0);
  if (connected === 0) return null;
  const total = sessions.reduce((sum, session) => sum + sessionCost(price, session), 0);
  const { id, label, currency, date, source, meter } = price;
  return { id, label, meter: meter.type, perMinute: total / connected, currency, date, source, how: howOf(price) };
}

function sessionCost({ meter }: Price, session: { minutes: Figures['minutes']; answers: number }): number {
  const { connected, user, agent } = session.minutes;
  switch (meter.type) {
    case 'connected-minute':
      return connected * meter.perMinute;
    case 'component':
      return user * meter.perUserMinute + agent * meter.perAgentMinute + connected * meter.perMinute;
    case 'tokens': {
      const userTokens = user * meter.userTokensPerMinute;
      const agentTokens = agent * meter.agentTokensPerMinute;
      // Audio comes in evenly: answer k bills (k − 1)/n of the whole again.
      const again = ((userTokens + agentTokens) * Math.max(0, session.answers - 1)) / 2;
      return (
        (userTokens * meter.inPerMillion + again * meter.cachedPerMillion + agentTokens * meter.outPerMillion) / 1e6
      );
    }
    default:
      return meter satisfies never;
  }
}

function howOf({ meter }: Price): string {
  switch (meter.type) {
    case 'connected-minute':
      return 'connected time';
    case 'component':
      return 'each component by its own minutes';
    case 'tokens':
      return 'audio tokens, estimated from minutes of speech; all audio before an answer is billed again, as cached';
    default:
      return meter satisfies never;
  }
}
