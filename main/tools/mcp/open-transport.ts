import { homedir } from 'node:os';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerConfig } from '../../contract/tools.ts';
import { ParleyError } from '../../contract/errors.ts';
import { boundedFetch } from './bounded-fetch.ts';

/** One message of a server's. Results are cut to 16 kB later; a server that writes more than this is broken or hostile. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** The value of a server's secret, by the name of its variable or header. Undefined when it was never given. */
export type ReadServerSecret = (server: string, name: string) => Promise<string | undefined>;

/** A transport that is not started yet. Throws `bad-input` for a secret that is not there. */
export async function openTransport(config: McpServerConfig, readSecret: ReadServerSecret): Promise<Transport> {
  if (config.transport === 'stdio') {
    const secrets = await readAll(config.name, config.secretEnv, readSecret);
    return new StdioClientTransport({
      command: config.command,
      args: config.args,
      // To these the SDK adds PATH, HOME, USER, SHELL, TERM and LOGNAME (on Windows their like) and nothing else of our environment.
      env: { ...config.env, ...secrets },
      cwd: homedir(),
      // What it writes there may hold anything; nobody reads it.
      stderr: 'ignore',
      maxBufferSize: MAX_MESSAGE_BYTES,
    });
  }
  const headers = await readAll(config.name, config.secretHeaders, readSecret);
  const transport: StreamableHTTPClientTransport = new StreamableHTTPClientTransport(new URL(config.url), {
    requestInit: { headers },
    // Closing rejects what is pending; the server is then connected anew.
    fetch: boundedFetch({ maxBytes: MAX_MESSAGE_BYTES, onTooLong: () => void transport.close().catch(() => {}) }),
  });
  // Its sessionId is declared with a type that exactOptionalPropertyTypes does not let through.
  return transport as Transport;
}

async function readAll(
  server: string,
  names: readonly string[],
  read: ReadServerSecret,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = await read(server, name);
    if (value === undefined)
      throw new ParleyError({ code: 'bad-input', stage: 'tool', message: 'secret missing', detail: name });
    values[name] = value;
  }
  return values;
}
