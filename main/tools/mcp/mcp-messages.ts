import { z } from 'zod';
import type { JsonSchema, ToolOutput } from '../../ports/tool.ts';

/** Enough for any server that a person can oversee. */
const MAX_TOOLS = 128;
const MAX_SCHEMA_CHARS = 8192;

/** Loose: one bad tool, or one content of a kind that we do not know, must not hide the others. */
export const toolListSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const listedToolSchema = z.object({
  name: z.string().min(1).max(200),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({ type: z.literal('object') }),
});

export interface ListedTool {
  name: string;
  description: string;
  parameters: JsonSchema;
}

/** The tools of a list that can be used. Annotations are left behind here: they are the server's own praise. */
export function usableTools(listed: readonly unknown[]): ListedTool[] {
  return listed.slice(0, MAX_TOOLS).flatMap((each) => {
    const { success, data } = listedToolSchema.safeParse(each);
    if (!success || JSON.stringify(data.inputSchema).length > MAX_SCHEMA_CHARS) return [];
    return [{ name: data.name, description: data.description ?? data.title ?? '', parameters: data.inputSchema }];
  });
}

export const callResultSchema = z.looseObject({
  content: z.array(z.unknown()).optional(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});

const contentSchema = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('resource'), resource: z.object({ text: z.string() }) }),
  z.object({ type: z.literal('resource_link'), uri: z.string(), name: z.string().optional() }),
  z.object({ type: z.string() }),
]);

/** What of a result can be said. */
export function readableResult(result: z.infer<typeof callResultSchema>): ToolOutput {
  const parts = (result.content ?? []).map((each) => {
    const { success, data } = contentSchema.safeParse(each);
    if (!success) return '';
    if ('text' in data) return data.text;
    if ('resource' in data) return data.resource.text;
    if ('uri' in data) return `[a link: ${data.name ?? data.uri}]`;
    return `[${data.type.replace(/[^a-z]/gi, '').slice(0, 20)}, which cannot be read aloud]`;
  });
  const text = parts.filter((part) => part !== '').join('\n');
  const structured = text === '' && result.structuredContent ? JSON.stringify(result.structuredContent) : '';
  return { text: text || structured, failed: result.isError === true };
}
