import type { WallClock } from '../ports/wall-clock.ts';

export class SystemWallClock implements WallClock {
  epochMs(): number {
    return Date.now();
  }

  /** Asked anew each time: travellers change it while the program runs. */
  timeZone(): string {
    return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}
