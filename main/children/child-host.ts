import type { ChildName } from '../contract/state.ts';
import type { MessageLink } from './message-link.ts';

export interface ChildExit {
  /** Null when a signal ended it, or when it never began. */
  code: number | null;
  signal: string | null;
}

/** One child process, whatever started it. */
export interface HostedChild {
  readonly pid: number | undefined;
  readonly link: MessageLink;
  /** Ends the process at once, without asking it. */
  kill(): void;
  /** Called once; also when the process could not be started at all. */
  onExit(listener: (exit: ChildExit) => void): void;
  /** Text as it arrives; pieces end anywhere. */
  onStderr(listener: (text: string) => void): void;
}

/** The supervised children, and the one that only follows a key. */
export type HostedName = ChildName | 'keys';

/** Starts children: Node's `fork`, Electron's `utilityProcess`, or a fake. */
export interface ChildHost {
  spawn(name: HostedName): HostedChild;
}
