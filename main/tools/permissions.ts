import { createHash } from 'node:crypto';
import type { ToolPermission, ToolRisk, ToolSettings } from '../contract/tools.ts';
import type { Tool } from '../ports/tool.ts';
import { riskOf } from './risk.ts';

/** Where the user's choices are kept; the app's settings. */
export interface ToolChoices {
  readonly current: Pick<ToolSettings, 'toolPermissions' | 'toolRisks'>;
  update(patch: Partial<Pick<ToolSettings, 'toolPermissions' | 'toolRisks'>>): Promise<void>;
}

/** What the user has chosen for each tool. A choice holds for the tool as it described itself then: one that changes asks again. */
export class Permissions {
  readonly #choices: ToolChoices;
  /** Fingerprints of what was allowed until the program ends. */
  readonly #session = new Map<string, string>();

  constructor(choices: ToolChoices) {
    this.#choices = choices;
  }

  riskOf(tool: Tool): ToolRisk {
    return riskOf(tool, this.#choices.current.toolRisks);
  }

  chosen(tool: Tool): ToolPermission | undefined {
    const kept = this.#kept(tool.name);
    if (kept?.permission === 'never') return 'never';
    const fingerprint = fingerprintOf(tool);
    if (this.#session.get(tool.name) === fingerprint) return 'session';
    return kept?.fingerprint === fingerprint ? kept.permission : undefined;
  }

  /** The tool says something else of itself than when it was allowed. */
  hasChanged(tool: Tool): boolean {
    const kept = this.#kept(tool.name);
    return kept?.permission === 'always' && kept.fingerprint !== fingerprintOf(tool);
  }

  async choose(tool: Tool, permission: ToolPermission): Promise<void> {
    const fingerprint = fingerprintOf(tool);
    this.#session.delete(tool.name);
    if (permission === 'session') this.#session.set(tool.name, fingerprint);
    const kept = Object.entries(this.#choices.current.toolPermissions).filter(([name]) => name !== tool.name);
    const entry = permission === 'session' ? [] : [[tool.name, { permission, fingerprint }] as const];
    await this.#choices.update({ toolPermissions: Object.fromEntries([...kept, ...entry]) });
  }

  async setRisk(tool: Tool, risk: ToolRisk): Promise<void> {
    await this.#choices.update({ toolRisks: { ...this.#choices.current.toolRisks, [tool.name]: risk } });
  }

  /** A server is removed: one of the same name that is added later starts without its permissions. */
  async forgetServer(server: string): Promise<void> {
    const isOther = ([name]: [string, unknown]): boolean => !name.startsWith(`${server}__`);
    const { toolPermissions, toolRisks } = this.#choices.current;
    for (const name of this.#session.keys()) if (!isOther([name, null])) this.#session.delete(name);
    await this.#choices.update({
      toolPermissions: Object.fromEntries(Object.entries(toolPermissions).filter(isOther)),
      toolRisks: Object.fromEntries(Object.entries(toolRisks).filter(isOther)),
    });
  }

  #kept(name: string): ToolSettings['toolPermissions'][string] | undefined {
    const { toolPermissions } = this.#choices.current;
    return Object.hasOwn(toolPermissions, name) ? toolPermissions[name] : undefined;
  }
}

/** What a choice holds for: the tool as it describes itself. */
export function fingerprintOf({ description, parameters }: Pick<Tool, 'description' | 'parameters'>): string {
  return createHash('sha256')
    .update(JSON.stringify([description, parameters]))
    .digest('hex')
    .slice(0, 32);
}
