/** What one check found. */
export interface Finding {
  /** The part that was looked at. */
  part: string;
  /** `fail`: something that Parley needs does not work. `warn`: it works, with less. */
  status: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do about it; never missing unless all is well. */
  nextStep?: string;
}
