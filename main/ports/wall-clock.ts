/** The time of day, which may jump. Never used to measure how long something took. */
export interface WallClock {
  /** Milliseconds since 1970 UTC. */
  epochMs(): number;
  /** IANA name of the user's time zone. */
  timeZone(): string;
}
