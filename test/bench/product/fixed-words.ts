import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { deferred } from '../../../main/lib/deferred.ts';

/**
 * Two long sentences, some 17 s of speech: an answer that is over before the interruption has worked shows nothing. Commas and joints
 * in it are what an interrupted answer has.
 */
const ANSWER =
  'That is a long story, and I am glad that you ask, because it begins in a small town by the river, where an old man ' +
  'kept a garden full of apple trees and told everybody who came by about the years that he had spent at sea. ' +
  'He had seen whales and storms and islands without a name, and when the evening came and the lamps were lit, the ' +
  'children sat down on the wall and listened until their mothers called them in, one after another.';
/** About as a small model writes on two cores. */
const FIRST_WORD_MS = 150;
const WORD_MS = 30;

/** Stands in for the language model and always says the same: a server on this machine that speaks OpenAI's chat completions. */
export class FixedWords {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `text`: what is said; default: long enough to be interrupted. */
  static async start({ text = ANSWER }: { text?: string } = {}): Promise<FixedWords> {
    const server = createServer((request, response) => {
      request.resume();
      answer(response, text).catch(() => response.destroy());
    });
    const listening = deferred<void>();
    server.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    return new FixedWords(server);
  }

  /** For the settings of the app. */
  get endpoint(): { url: string; model: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/v1`, model: 'fixed-words' };
  }

  async stop(): Promise<void> {
    const closed = deferred<void>();
    this.#server.close(() => closed.resolve());
    this.#server.closeAllConnections();
    await closed.promise;
  }
}

async function answer(response: ServerResponse, text: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await passed(FIRST_WORD_MS);
  for (const word of text.split(/(?<= )/)) {
    if (response.destroyed) return;
    send(response, { content: word }, null);
    await passed(WORD_MS);
  }
  send(response, {}, 'stop');
  response.end('data: [DONE]\n\n');
}

function send(response: ServerResponse, delta: object, finishReason: string | null): void {
  const chunk = { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}
