import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ChatMessage } from '../../../../main/ports/llm.ts';

const textSchema = z.union([
  z.string(),
  z.array(z.object({ text: z.string().default('') })).transform((parts) => parts.map(({ text }) => text).join('')),
]);
const requestSchema = z.object({
  messages: z.array(z.object({ role: z.string(), content: textSchema.nullish() })).min(1),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
});

/** An answer to the prompt of any product may have so many tokens. */
const MAX_TOKENS = 80;
const ROLES = ['system', 'user', 'assistant'] as const;

export type Answer = (
  messages: ChatMessage[],
  options: { maxTokens: number; signal: AbortSignal },
) => AsyncIterable<string>;

/**
 * OpenAI's chat completions, streamed, whatever the request says of that; one request at a time, as there is one model. A client that goes away
 * ends its answer.
 */
export function chatCompletionsServer(answer: Answer): Server {
  let before: Promise<void> = Promise.resolve();
  return createServer((request, response) => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    before = before
      .then(() => respond(request, response, { answer, signal: left.signal }))
      .catch((error: unknown) => {
        // What a client gave up is not worth a word.
        if (!left.signal.aborted) console.error(error);
        response.destroy();
      });
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, signal }: { answer: Answer; signal: AbortSignal },
): Promise<void> {
  if (signal.aborted) return;
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    request.resume();
    response.writeHead(404).end();
    return;
  }
  const parsed = requestSchema.safeParse(JSON.parse(await bodyOf(request)));
  if (!parsed.success) {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: z.prettifyError(parsed.error) } }));
    return;
  }
  const { messages, max_tokens, max_completion_tokens } = parsed.data;
  const maxTokens = Math.min(MAX_TOKENS, max_completion_tokens ?? max_tokens ?? MAX_TOKENS);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for await (const content of answer(messages.map(asMessage), { maxTokens, signal })) send(response, { content }, null);
  send(response, {}, 'stop');
  response.end('data: [DONE]\n\n');
}

/** Other roles (developer, tool) become the system's: the model knows three. */
function asMessage({ role, content }: z.infer<typeof requestSchema>['messages'][number]): ChatMessage {
  return { role: ROLES.find((known) => known === role) ?? 'system', content: content ?? '' };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, delta: object, finishReason: string | null): void {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  const chunk = { id: 'bench', object: 'chat.completion.chunk', created: 0, model: 'bench', choices };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}
