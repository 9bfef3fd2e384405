import type { Tool, ToolOutput, ToolSource } from '../../ports/tool.ts';
import type { ScenarioTool } from '../scenario/scenario.ts';
import type { SeenToolCall } from './subject.ts';

/** The tools of a scenario: they give what the script says, call after call, and tell of each call. `isBroken`: they fail instead. */
export function scriptedTools(
  tools: readonly ScenarioTool[],
  { onCall, isBroken = false }: { onCall(call: Omit<SeenToolCall, 'at'>): void; isBroken?: boolean },
): ToolSource {
  return {
    tools: tools.map((tool) => scripted(tool, { onCall, isBroken })),
    onChanged: () => () => {},
  };
}

function scripted(
  { name, description, parameters, results }: ScenarioTool,
  { onCall, isBroken }: { onCall(call: Omit<SeenToolCall, 'at'>): void; isBroken: boolean },
): Tool {
  let calls = 0;
  return {
    name,
    server: null,
    description,
    parameters,
    run(args): Promise<ToolOutput> {
      const result = results[Math.min(calls++, results.length - 1)]!;
      onCall({ name, arguments: args, broke: isBroken });
      if (isBroken) return Promise.resolve({ text: 'The tool does not work.', failed: true });
      return Promise.resolve('fail' in result ? { text: result.fail, failed: true } : { text: result.result });
    },
  };
}
