/** A figure and its 95% interval, or where these lie in a picture. */
export interface Interval {
  low: number;
  value: number;
  high: number;
}

export function placed({ low, value, high }: Interval, scale: (value: number) => number): Interval {
  return { low: scale(low), value: scale(value), high: scale(high) };
}
