import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { sha256OfFile } from '../../../../main/platform/models/file-hash.ts';
import { resolveModel } from '../../../../main/platform/models/resolve-model.ts';

/** Where Pipecat carries weights in its own package, and the same of ours. */
const OWN_WEIGHTS = [
  { file: 'audio/vad/data/silero_vad.onnx', ours: { id: 'silero-vad', file: 'silero_vad.onnx' } },
  {
    file: 'audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx',
    ours: { id: 'smart-turn-v3.2', file: 'smart-turn-v3.2-cpu.onnx' },
  },
];
const FACTS =
  'import importlib.metadata as m, json, os, platform, importlib.util as u;' +
  'print(json.dumps({"folder": os.path.dirname(u.find_spec("pipecat").origin), "python": platform.python_version(),' +
  '"pipecat-ai": m.version("pipecat-ai"), "moonshine-voice": m.version("moonshine-voice"), "piper-tts": m.version("piper-tts")}))';

/** Versions, and whether the weights that come with Pipecat are the ones that Parley uses; the rest it gets from Parley's folder. */
export async function pipecatFacts(options: { python: string; modelsDir: string }): Promise<Record<string, string>> {
  const { folder, ...versions } = JSON.parse(
    execFileSync(options.python, ['-c', FACTS], { encoding: 'utf8' }),
  ) as Record<string, string>;
  const weights = OWN_WEIGHTS.map(async ({ file, ours }) => {
    const [its, mine] = await Promise.all([
      sha256OfFile(`${folder}/${file}`),
      sha256OfFile(resolveModel(ours.id, options).path(ours.file)),
    ]);
    return [basename(file), its === mine ? `sha256 ${its}, the same as Parley's` : `sha256 ${its}, NOT Parley's`];
  });
  return { ...versions, ...Object.fromEntries(await Promise.all(weights)) };
}
