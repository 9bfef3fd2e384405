import type { Price } from '../../../main/contract/evaluation-prices.ts';
import type { Cost, Report } from '../../../main/contract/evaluation-report.ts';

/** How a service counts, in words. */
export const METER_WORDS: Record<string, string> = {
  'connected-minute': 'connected minutes',
  component: 'each component',
  tokens: 'audio tokens',
};

export interface WhatIf {
  cost: Cost;
  perMinute: string;
  perMonth: string;
}

/** What a month of such conversations would cost. Dated prices and the mix of these conversations: an estimate, no bill. */
export function whatIf(costs: readonly Cost[], minutesPerMonth: number): WhatIf[] {
  return costs.map((cost) => ({
    cost,
    perMinute: money(cost.perMinute, cost.currency, 4),
    perMonth: money(cost.perMinute * minutesPerMonth, cost.currency, 2),
  }));
}

export function money(amount: number, currency: string, decimals: number): string {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount);
}

/** At the prices that this architecture is really billed at; those of others are in its list too, for comparison. */
export function ownCosts(costs: readonly Cost[], architectureId: string, prices: readonly Price[]): Cost[] {
  const own = new Set(
    prices.filter(({ architectureIds }) => architectureIds.includes(architectureId)).map(({ id }) => id),
  );
  return costs.filter(({ id }) => own.has(id));
}

/** The minutes of the first architecture at prices of services that none of this comparison is billed at. */
export function otherCosts(architectures: Report['architectures'], prices: readonly Price[]): Cost[] {
  const ids = new Set(architectures.map(({ id }) => id));
  const taken = new Set(
    prices.filter(({ architectureIds }) => architectureIds.some((id) => ids.has(id))).map(({ id }) => id),
  );
  return (architectures[0]?.cost ?? []).filter(({ id }) => !taken.has(id));
}
