import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { ParleyError } from '../../contract/errors.ts';
import { mcpSecretVariable, type McpServerConfig } from '../../contract/tools.ts';

/** Why a server cannot be used and what to look at, in words for the user. The server's own words are left out. `null`: it went away. */
export function problemWords(cause: unknown, config: McpServerConfig): string {
  const isProcess = config.transport === 'stdio';
  if (cause instanceof ParleyError && cause.code === 'bad-input')
    return `The secret ${cause.detail} is missing. Start Parley with it in ${mcpSecretVariable(config.name, cause.detail ?? '')}.`;
  if (cause instanceof ParleyError && cause.code === 'call-timeout')
    return 'The server does not answer. Is it the right command or address?';
  const code = String((cause as { code?: unknown } | null)?.code ?? '');
  if (isProcess && (code === 'ENOENT' || code === 'EACCES'))
    return `The command "${config.command}" cannot be run. Check its name and that it is installed.`;
  if (cause instanceof StreamableHTTPError || /^Unauthorized/.test((cause as Error | null)?.constructor?.name ?? ''))
    return httpWords(cause);
  if (!isProcess && cause instanceof TypeError)
    return 'The address cannot be reached. Is the server running, and is the address exact?';
  if (isProcess && (cause === null || code === '-32000')) return 'The server stopped by itself.';
  if (cause instanceof McpError) return 'The server does not speak the protocol as it should.';
  return isProcess ? 'The server stopped by itself.' : 'The connection to the server broke off.';
}

function httpWords(cause: unknown): string {
  const status = cause instanceof StreamableHTTPError ? cause.code : 401;
  if (status === 401 || status === 403) return 'The server refuses the key. Check the secret headers.';
  if (status === 404 || status === 405) return 'There is no such server at this address. Check the path, often /mcp.';
  return `The server answers with an error${status === undefined ? '' : ` (${status})`}.`;
}
