import type { Price } from '../../contract/evaluation-prices.ts';
import type { Cost, Figures } from '../../contract/evaluation-report.ts';

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
