import { ParleyError } from '../../main/contract/errors.ts';
import type { Clock } from '../../main/ports/clock.ts';
import type { RemoteUsage } from '../../main/speech-to-speech/remote-voice.ts';
import type { HostedProvider } from './providers.ts';
import { SCENES, Stage, type SceneName } from './scenes.ts';
import { spokenLines } from './voice.ts';

export interface ProviderResult {
  label: string;
  /** Null: it was tried. */
  skipped: string | null;
  /** By scene, why it failed; null: it passed. Absent: not played, since time was up. */
  scenes: Partial<Record<SceneName, string | null>>;
  tokens: number;
  connectedMs: number;
}

/** A provider that hangs costs no more than this; what is not played by then has failed. */
const PROVIDER_LIMIT_MS = 6 * 60_000;

/** Every scene against every provider that is there. Bounded in time; says what it does by `say`. */
export async function runHosted(
  providers: readonly HostedProvider[],
  { clock, say }: { clock: Clock; say(line: string): void },
): Promise<ProviderResult[]> {
  const results: ProviderResult[] = [];
  let lines: Awaited<ReturnType<typeof spokenLines>> | undefined;
  for (const hosted of providers) {
    const result: ProviderResult = {
      label: hosted.label,
      skipped: hosted.missing,
      scenes: {},
      tokens: 0,
      connectedMs: 0,
    };
    results.push(result);
    if (hosted.missing !== null) continue;
    lines ??= await spokenLines();
    const startMs = clock.nowMs();
    const onUsage = (usage: RemoteUsage): void => void (result.tokens += tokensOf(usage));
    const stage = new Stage({ hosted, clock, lines, onUsage });
    try {
      for (const scene of SCENES) {
        if (clock.nowMs() - startMs > PROVIDER_LIMIT_MS) break;
        result.scenes[scene] = await played(stage, scene);
        say(`${hosted.label}: ${scene}: ${result.scenes[scene] ?? 'passed'}`);
      }
    } finally {
      await stage.strike();
      result.connectedMs = clock.nowMs() - startMs;
    }
  }
  return results;
}

async function played(stage: Stage, scene: SceneName): Promise<string | null> {
  try {
    await stage.play(scene);
    return null;
  } catch (cause) {
    if (cause instanceof ParleyError) return `${cause.code}${cause.detail === undefined ? '' : ` (${cause.detail})`}`;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function tokensOf(usage: RemoteUsage): number {
  const { inputAudioTokens = 0, inputTextTokens = 0, outputAudioTokens = 0, outputTextTokens = 0 } = usage;
  return inputAudioTokens + inputTextTokens + outputAudioTokens + outputTextTokens;
}
