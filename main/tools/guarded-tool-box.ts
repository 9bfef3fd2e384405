import type { ToolCallRecord, ToolDecision, ToolOutcome, ToolState } from '../contract/tools.ts';
import { ParleyError } from '../contract/errors.ts';
import { abortError, onAbort, throwIfAborted } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ToolAudit } from '../ports/tool-audit.ts';
import type {
  BeforeToolCall,
  Tool,
  ToolBox,
  ToolCall,
  ToolCallContext,
  ToolOffer,
  ToolResult,
  ToolSource,
} from '../ports/tool.ts';
import type { WallClock } from '../ports/wall-clock.ts';
import { Approvals } from './approvals.ts';
import { checkArguments } from './check-arguments.ts';
import { Permissions, type ToolChoices } from './permissions.ts';
import { presentable } from './result-text.ts';
import { verdictOn } from './risk.ts';
import { Slots } from './slots.ts';
import { SpokenApproval } from './spoken-approval.ts';

export interface GuardedToolBoxOptions {
  sources: readonly ToolSource[];
  choices: ToolChoices;
  audit: ToolAudit;
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  newId(): string;
  /** Default: nothing is asked. A hook that throws blocks the call. */
  beforeCall?: BeforeToolCall;
  /** Of the work itself, not of waiting for the user. Default 20 s. */
  timeoutMs?: number;
  /** Default 3. */
  maxConcurrent?: number;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const DEFAULT_MAX_CONCURRENT = 3;
/** What a record keeps of the arguments. */
const MAX_KEPT_ARGUMENT_CHARS = 4000;
/** Longer prompts are slow to compute, and a page of them is a way to plant instructions. */
const MAX_DESCRIPTION_CHARS = 600;

const FAILED = 'The tool failed. Say that it did not work.';

/** How a call ended, for the record and for the model. */
interface Ending {
  decision: ToolDecision;
  outcome: ToolOutcome;
  text: string;
  undo?: () => void;
}

/** The one gate between models and tools. */
export class GuardedToolBox implements ToolBox {
  readonly approvals: Approvals;
  readonly #options: GuardedToolBoxOptions;
  readonly #permissions: Permissions;
  readonly #slots: Slots;
  readonly #spoken: SpokenApproval;

  constructor(options: GuardedToolBoxOptions) {
    this.#options = options;
    this.#permissions = new Permissions(options.choices);
    this.approvals = new Approvals({ clock: options.clock, newId: options.newId });
    this.#slots = new Slots(options.maxConcurrent ?? DEFAULT_MAX_CONCURRENT);
    this.#spoken = new SpokenApproval(options.clock);
  }

  get permissions(): Permissions {
    return this.#permissions;
  }

  find(name: string): Tool | undefined {
    for (const { tools } of this.#options.sources) {
      const found = tools.find((tool) => tool.name === name);
      if (found) return found;
    }
    return undefined;
  }

  offers(): ToolOffer[] {
    return this.#all()
      .filter((tool) => this.#permissions.chosen(tool) !== 'never')
      .map(({ name, description, parameters }) => ({ name, description: shortened(description), parameters }));
  }

  /** For the window. */
  states(): ToolState[] {
    return this.#all().map((tool) => {
      const risk = this.#permissions.riskOf(tool);
      const verdict = verdictOn({ risk, local: tool.server === null, chosen: undefined, tainted: false });
      return {
        name: tool.name,
        server: tool.server,
        description: shortened(tool.description),
        parameters: JSON.stringify(tool.parameters, undefined, 2),
        risk,
        permission: this.#permissions.chosen(tool) ?? (verdict.type === 'allow' ? 'always' : 'ask'),
        changed: this.#permissions.hasChanged(tool),
      };
    });
  }

  async call(call: ToolCall, context: ToolCallContext): Promise<ToolResult> {
    throwIfAborted(context.signal, 'tool');
    const { clock, logger } = this.#options;
    const tool = this.find(call.name);
    const startedMs = clock.nowMs();
    const keep = (ending: Ending): void => this.#record(call, ending, clock.nowMs() - startedMs);
    try {
      const ending = await this.#attempt(tool, call, context);
      keep(ending);
      const { text, outcome, undo } = ending;
      return { text, failed: outcome !== 'done', outside: isOutside(tool, outcome), ...(undo ? { undo } : {}) };
    } catch (cause) {
      if (!context.signal.aborted) {
        // A choice that could not be written to the disk, say. Whatever it was: nothing was run, and an answer is due.
        logger.error('a tool call failed', { tool: tool?.name, error: ParleyError.from(cause, 'tool') });
        keep({ decision: 'blocked', outcome: 'failed', text: FAILED });
        return { text: FAILED, failed: true, outside: false };
      }
      keep(cause instanceof CancelledRun ? cause.ending : { decision: 'unanswered', outcome: 'cancelled', text: '' });
      throw abortError(context.signal, 'tool');
    }
  }

  async #attempt(tool: Tool | undefined, call: ToolCall, context: ToolCallContext): Promise<Ending> {
    if (!tool) return invalid(`There is no tool called "${presentable(call.name, { maxBytes: 100 })}".`);
    const checked = checkArguments(call.arguments, tool.parameters);
    if (!checked.ok) return invalid(checked.problem);
    const guarded = await this.#guardrail(tool, checked.value, context.signal);
    if ('refusal' in guarded) return { decision: 'blocked', outcome: 'refused', text: guarded.refusal };
    const { args } = guarded;
    const decision = await this.#decide(tool, args, context);
    if (decision === 'denied' || decision === 'denied-never')
      return { decision, outcome: 'refused', text: 'The user does not allow this. Do not try it again; say so.' };
    if (decision === 'unanswered')
      return {
        decision,
        outcome: 'refused',
        text: 'The user was asked and has not answered, so nothing was done. Say so.',
      };
    return this.#slots.run(() => this.#run(tool, args, decision, context), context.signal);
  }

  async #guardrail(tool: Tool, args: unknown, signal: AbortSignal): Promise<{ args: unknown } | { refusal: string }> {
    const { beforeCall, logger } = this.#options;
    if (!beforeCall) return { args };
    try {
      const word = await beforeCall({ tool: tool.name, server: tool.server, arguments: args }, { signal });
      if (word.type === 'go-on') return { args: word.arguments };
      return { refusal: `A rule of the user's does not allow this: ${presentable(word.reason)}` };
    } catch (cause) {
      throwIfAborted(signal, 'tool');
      const error = ParleyError.from(cause, 'tool');
      logger.error('a guardrail failed; the tool is not run', { tool: tool.name, error });
      return { refusal: 'This could not be checked, so it was not done.' };
    }
  }

  async #decide(tool: Tool, args: unknown, context: ToolCallContext): Promise<ToolDecision> {
    const { signal, released, tainted, userText } = context;
    const risk = this.#permissions.riskOf(tool);
    const standing = { risk, local: tool.server === null, tainted };
    // Looked at again after waiting: the user may have said "never" meanwhile.
    const verdict = () => verdictOn({ ...standing, chosen: this.#permissions.chosen(tool) });
    if (!(standing.local && risk === 'reads' && verdict().type === 'allow')) {
      await raced(released, signal);
      // An answer that is interrupted is let go of in the same breath.
      throwIfAborted(signal, 'tool');
    }
    const found = verdict();
    if (found.type === 'deny') return 'denied-never';
    if (found.type === 'allow') return `allowed-${found.because === 'risk' ? 'by-risk' : found.because}`;
    if (this.#spoken.allows({ tool: tool.name, risk, args, userText })) return 'allowed-by-voice';
    this.#spoken.asked({ tool: tool.name, args });
    context.onAsking?.(questionAbout(tool));
    const answer = await this.approvals.ask(
      {
        tool: tool.name,
        server: tool.server,
        description: shortened(tool.description),
        arguments: JSON.stringify(args, undefined, 2),
        risk,
      },
      { signal },
    );
    this.#spoken.settled();
    if (answer === 'unanswered') return 'unanswered';
    if (answer === 'deny') return 'denied';
    if (answer !== 'once') await this.#permissions.choose(tool, answer);
    return `allowed-${answer}`;
  }

  async #run(tool: Tool, args: unknown, decision: ToolDecision, context: ToolCallContext): Promise<Ending> {
    const { clock, timeoutMs = DEFAULT_TIMEOUT_MS, logger } = this.#options;
    context.onRunning?.();
    const late = new AbortController();
    const cancelTimer = clock.schedule(timeoutMs, () =>
      late.abort(new ParleyError({ code: 'call-timeout', stage: 'tool' })),
    );
    const signal = AbortSignal.any([context.signal, late.signal]);
    try {
      const running = tool.run(args, { signal });
      // Done too late to be told: as if it had not been done.
      running.then(({ undo }) => signal.aborted && undo?.()).catch(() => {});
      const output = await raced(running, signal);
      const text = presentable(output.text);
      const outcome = output.failed ? 'failed' : 'done';
      return {
        decision,
        outcome,
        text: text === '' ? 'Done; there is nothing to report.' : text,
        ...(output.undo ? { undo: output.undo } : {}),
      };
    } catch (cause) {
      if (context.signal.aborted) throw new CancelledRun({ decision, outcome: 'cancelled', text: '' });
      const isLate = late.signal.aborted;
      // The error's own words may be the server's, and those may hold anything: they are neither logged nor given to the model.
      logger.warn('a tool failed', { tool: tool.name, late: isLate, code: ParleyError.from(cause, 'tool').code });
      if (isLate)
        return {
          decision,
          outcome: 'timed-out',
          text: 'The tool took too long and was stopped. Say that it did not answer.',
        };
      return { decision, outcome: 'failed', text: FAILED };
    } finally {
      cancelTimer();
    }
  }

  #all(): Tool[] {
    return this.#options.sources.flatMap(({ tools }) => tools);
  }

  /** A record that cannot be written does not stop an answer; it is said in the log. */
  #record(call: ToolCall, ending: Ending, durationMs: number): void {
    const { audit, wallClock, newId, logger } = this.#options;
    const record: ToolCallRecord = {
      id: newId(),
      at: new Date(wallClock.epochMs()).toISOString(),
      tool: presentable(call.name, { maxBytes: 100 }),
      arguments: call.arguments.slice(0, MAX_KEPT_ARGUMENT_CHARS),
      decision: ending.decision,
      outcome: ending.outcome,
      durationMs: Math.round(durationMs),
      resultBytes: Buffer.byteLength(ending.text),
    };
    try {
      audit.add(record);
    } catch (cause) {
      logger.error('a tool call could not be recorded', { error: ParleyError.from(cause, 'tool') });
    }
  }
}

/** The run was cut off after it had been allowed: the record says by what. */
class CancelledRun extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super('cancelled');
    this.ending = ending;
  }
}

function invalid(problem: string): Ending {
  return { decision: 'invalid', outcome: 'failed', text: problem };
}

/** Words that we made ourselves (a refusal, a failure) are not from outside. */
function isOutside(tool: Tool | undefined, outcome: ToolOutcome): boolean {
  return tool !== undefined && tool.server !== null && (outcome === 'done' || outcome === 'failed');
}

function shortened(description: string): string {
  const seen = presentable(description, { maxBytes: MAX_DESCRIPTION_CHARS * 4 });
  return seen.length > MAX_DESCRIPTION_CHARS ? `${seen.slice(0, MAX_DESCRIPTION_CHARS)}…` : seen;
}

/** Names are code's, not a server's prose: letters and spaces, so that nothing else is read aloud. */
function questionAbout(tool: Tool): string {
  const own = tool.server === null ? tool.name : tool.name.slice(tool.server.length + 2);
  const spoken = (name: string): string =>
    name
      .replace(/[^A-Za-z0-9]+/g, ' ')
      .trim()
      .slice(0, 40);
  const from = tool.server === null ? '' : ` from ${spoken(tool.server)}`;
  return `May I use ${spoken(own)}${from}? Please confirm in the window.`;
}

/** The promise's outcome, or the abort, whichever comes first: a tool that does not listen cannot hold an answer. */
async function raced<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = deferred<never>();
  const stopListening = onAbort(signal, () => aborted.reject(abortError(signal, 'tool')));
  promise.catch(() => {});
  aborted.promise.catch(() => {});
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    stopListening();
  }
}
