import { mcpSecretVariable } from '../contract/tools.ts';

/** Keys that windows may give and take back. */
export type ProviderSecretName = 'endpoint-api-key' | 'openai-api-key' | 'gemini-api-key' | 'ultravox-api-key';
/** Every secret that Parley can hold. Names, never values, may be logged. */
export type SecretName = ProviderSecretName | McpSecretName;
/** `mcp:<server>:<variable or header>`. */
export type McpSecretName = `mcp:${string}:${string}`;

/** Where keys come from. The desktop app can put the system's key store behind the same interface. */
export interface SecretSource {
  /** Undefined when it was never given. */
  read(name: SecretName): Promise<string | undefined>;
}

/** In order of preference. OPENAI_API_KEY is what people who use such endpoints have set already. */
const VARIABLES: Record<ProviderSecretName, readonly string[]> = {
  'endpoint-api-key': ['PARLEY_ENDPOINT_API_KEY', 'OPENAI_API_KEY'],
  'openai-api-key': ['OPENAI_API_KEY'],
  'gemini-api-key': ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  'ultravox-api-key': ['ULTRAVOX_API_KEY'],
};

/** Ours and everybody else's, such as AWS_SECRET_ACCESS_KEY or HF_TOKEN. */
const SECRET_VARIABLE = /^PARLEY_MCP_|(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS)(_|$)/i;

/** The first of a secret's variables: what to tell people to set. */
export function secretVariable(name: ProviderSecretName): string {
  return VARIABLES[name][0]!;
}

/** The environment without what holds keys, by name: for programs of others that need the rest of it, such as the browser. */
export function environmentWithoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_VARIABLE.test(name)));
}

/** Secrets from environment variables; an empty variable counts as not set. */
export class EnvironmentSecrets implements SecretSource {
  readonly #env: Record<string, string | undefined>;

  constructor(env: Record<string, string | undefined>) {
    this.#env = env;
  }

  read(name: SecretName): Promise<string | undefined> {
    return Promise.resolve(this.find(name));
  }

  /** The same at once: nothing has to be decrypted. */
  find(name: SecretName): string | undefined {
    for (const variable of variablesOf(name)) {
      const value = this.#env[variable]?.trim();
      if (value) return value;
    }
    return undefined;
  }
}

/** A server's secret has one variable of its own: PARLEY_MCP_<SERVER>_<NAME>, in capitals, with _ for everything else. */
function variablesOf(name: SecretName): readonly string[] {
  if (!isMcpSecret(name)) return VARIABLES[name];
  const [, server = '', own = ''] = name.split(':');
  return [mcpSecretVariable(server, own)];
}

function isMcpSecret(name: SecretName): name is McpSecretName {
  return name.startsWith('mcp:');
}
